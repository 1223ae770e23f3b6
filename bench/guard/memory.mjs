// Run by bench/guard.mjs in a process of its own, with --expose-gc: prints as JSON what one case cost alone
// over many calls: CPU, the work of the garbage collector, and what stayed in memory.
import { PerformanceObserver } from 'node:perf_hooks'
import { closedCases } from './cases.mjs'

const [, , name, callsText] = process.argv
const calls = Number(callsText)
const call = closedCases[name]()

let gcMs = 0
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) gcMs += entry.duration
})
observer.observe({ entryTypes: ['gc'] })

await run(100_000)
const before = await retainedBytes()
gcMs = 0
const cpuBefore = process.cpuUsage()
await run(calls)
const { user, system } = process.cpuUsage(cpuBefore)
const spentMs = gcMs
const after = await retainedBytes()
process.stdout.write(
  JSON.stringify({ ns: ((user + system) * 1000) / calls, gcMs: spentMs, retainedBytes: after - before }),
)
process.exit(0)

async function run(count) {
  for (let index = 0; index < count; index++) {
    await call()
    if ((index & 0xffff) === 0) await turn()
  }
  await turn()
}

async function retainedBytes() {
  globalThis.gc()
  await turn()
  globalThis.gc()
  await turn()
  return process.memoryUsage().heapUsed
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve))
}
