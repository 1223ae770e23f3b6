// Run by bench/guard.mjs in a process of its own: prints the share of a core that so many guards use while nobody calls.
import { Registry } from '@linchpin/guard'

const watchedMs = 1000
const registry = new Registry()
const settings = { deadline: '5s', overall: '9s', breaker: {}, bulkhead: { concurrent: 10 } }
for (let index = 0; index < Number(process.argv[2]); index++) {
  await registry.guard(`guard ${index}`, settings).run(() => 1)
}

await pause(500)
const before = process.cpuUsage()
await pause(watchedMs)
const { user, system } = process.cpuUsage(before)
process.stdout.write(String((user + system) / 1000 / watchedMs))

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
