// Run by bench/guard.mjs in a process of its own, so that no case pays for the garbage or the compiled code of another:
// prints as JSON the CPU nanoseconds a call and the ratio to the bare call, medians over rounds that run both.
import { closedCases, openCases } from './cases.mjs'
import { median } from './median.mjs'

// Long enough for a collection in every round: shorter ones pay for none or for one.
const callsPerRound = 50_000
const rounds = 11

const [, , set, name] = process.argv
const cases = set === 'open' ? openCases : closedCases
const [base] = Object.keys(cases)
const bareCall = await cases[base]()
const call = await cases[name]()

await nanosecondsPerCall(bareCall)
await nanosecondsPerCall(call)
const samples = []
for (let round = 0; round < rounds; round++) {
  const bareNs = await nanosecondsPerCall(bareCall)
  const ns = await nanosecondsPerCall(call)
  samples.push({ ns, ratio: ns / bareNs })
}
const result = { ns: median(samples.map(({ ns }) => ns)), ratio: median(samples.map(({ ratio }) => ratio)) }
process.stdout.write(JSON.stringify(result))
process.exit(0)

async function nanosecondsPerCall(run) {
  const before = process.cpuUsage()
  for (let index = 0; index < callsPerRound; index++) await run()
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / callsPerRound
}
