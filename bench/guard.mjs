// `npm run bench:guard`: what the policies of @linchpin/guard cost, beside opossum and cockatiel, and whether the goals
// are met. CPU time, not wall time; every case in processes of its own, with the bare call beside it. Other work on the
// machine still moves the figures: code that makes objects suffers more from it than the bare call.
import { spawnSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { closedCases, openCases } from './guard/cases.mjs'
import { median } from './guard/median.mjs'

const cpuScript = new URL('guard/cpu.mjs', import.meta.url)
const memoryScript = new URL('guard/memory.mjs', import.meta.url)
const idleScript = new URL('guard/idle.mjs', import.meta.url)
const processes = 5
const goals = []

console.log(`Node ${process.version}, load of the machine before: ${loadavg()[0].toFixed(2)}`)

const closed = measureCpu('closed', Object.keys(closedCases))
printTable('Closed: CPU per call', 'x bare call', closed)
goal('breaker', closed['guard, breaker'].ratio, 3.0)
goal('breaker with slow calls', closed['guard, breaker with slow calls'].ratio, 3.6)
goal('full stack', closed['guard, full stack'].ratio, 8)

goal(
  'signal read (AbortController and 12 more)',
  closed['guard, full stack, signal read'].ratio,
  closed['new AbortController().signal and a bare call'].ratio + 12,
)

const open = measureCpu('open', Object.keys(openCases))
printTable('Open: CPU per refusal', 'x bare rejection', open)
goal('refusal, breaker', open['guard, breaker'].ratio, 2)
goal('refusal, full stack', open['guard, full stack'].ratio, 2)

measureSignal(closed['bare awaited call'].ns)
measureGc()
measureRetained()
measureIdle()

console.log('\nGoals')
for (const { name, value, limit } of goals) {
  const verdict = value <= limit ? 'met   ' : 'MISSED'
  console.log(`  ${verdict} ${name.padEnd(42)} ${value.toFixed(2).padStart(8)}  at most ${limit.toFixed(2)}`)
}

function goal(name, value, limit) {
  goals.push({ name, value, limit })
}

/** By name, the medians over processes; every round of processes runs every case, so that noise meets all alike. */
function measureCpu(set, names) {
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < processes; round++) {
    for (const name of names) samples[name].push(JSON.parse(runNode([fileURLToPath(cpuScript), set, name])))
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      { ns: median(samples[name].map(({ ns }) => ns)), ratio: median(samples[name].map(({ ratio }) => ratio)) },
    ]),
  )
}

function printTable(title, unit, results) {
  console.log(`\n${title}, median of ${processes} processes`)
  for (const [name, { ns, ratio }] of Object.entries(results)) {
    console.log(`  ${name.padEnd(56)} ${ns.toFixed(0).padStart(7)} ns ${ratio.toFixed(2).padStart(8)} ${unit}`)
  }
}

/**
 * A signal costs a hundred bare calls and leaves so much garbage that the ratios of the table above cannot be compared:
 * the bare calls beside it pay for collecting it, in one process more than in another. So each case also runs alone, over
 * many collections, and what the guard adds is the median of the differences of neighbours in time: the stricter goal.
 */
function measureSignal(bareNs) {
  const alone = 'new AbortController().signal and a bare call'
  const guarded = 'guard, full stack, signal read'
  const pairs = Array.from({ length: 15 }, () => ({
    alone: inOwnProcess(alone, 300_000).ns,
    guarded: inOwnProcess(guarded, 300_000).ns,
  }))
  const addedNs = median(pairs.map((pair) => pair.guarded - pair.alone))
  console.log('\nSignal read: CPU per call, each alone, median of 15 processes')
  console.log(
    `  ${alone.padEnd(56)} ${median(pairs.map((pair) => pair.alone))
      .toFixed(0)
      .padStart(7)} ns`,
  )
  console.log(
    `  ${guarded.padEnd(56)} ${median(pairs.map((pair) => pair.guarded))
      .toFixed(0)
      .padStart(7)} ns`,
  )
  console.log(`  ${'added by the guard'.padEnd(56)} ${addedNs.toFixed(0).padStart(7)} ns`)
  goal('signal read, beyond the signal, x bare call', addedNs / bareNs, 12)
}

function measureGc() {
  const names = [
    'bare awaited call',
    'opossum 9.0.0',
    'cockatiel 3.2.1, breaker',
    'cockatiel 3.2.1, timeout + retry + breaker + bulkhead',
    'guard, breaker',
    'guard, full stack',
  ]
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < processes; round++) {
    // The slowest peer is measured over fewer calls: a million take half a minute.
    for (const name of names) {
      const calls = name.includes('timeout') ? 200_000 : 1_000_000
      samples[name].push(inOwnProcess(name, calls).gcMs * (1_000_000 / calls))
    }
  }
  console.log(`\nGarbage collection: ms per million calls, median of ${processes} processes`)
  const bare = median(samples['bare awaited call'])
  for (const name of names) {
    const ms = median(samples[name])
    console.log(
      `  ${name.padEnd(56)} ${ms.toFixed(1).padStart(7)} ms ${(ms / bare).toFixed(2).padStart(8)} x bare call`,
    )
  }
  goal('garbage collection, full stack, x bare', median(samples['guard, full stack']) / bare, 5)
}

function measureRetained() {
  const { retainedBytes } = inOwnProcess('guard, full stack', 10_000_000)
  const mebibytes = retainedBytes / 2 ** 20
  console.log(`\nRetained after 10 million calls of the full stack: ${mebibytes.toFixed(2)} MiB`)
  goal('retained after 10 M calls, MiB', mebibytes, 0.5)
}

function inOwnProcess(name, calls) {
  return JSON.parse(runNode(['--expose-gc', fileURLToPath(memoryScript), name, String(calls)]))
}

/** Beside a process without any guard: Node itself is not quite idle. */
function measureIdle() {
  const share = (guards) => median([1, 2, 3].map(() => Number(runNode([fileURLToPath(idleScript), String(guards)]))))
  const [none, many] = [share(0), share(5000)]
  console.log(`\n5,000 idle guards: ${percent(many)} of a core over 1 s; no guard: ${percent(none)}`)
  goal('5,000 idle guards, % of a core beyond none', (many - none) * 100, 0.5)
}

function percent(share) {
  return `${(share * 100).toFixed(2)} %`
}

function runNode(args) {
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`${args.join(' ')}: ${result.stderr}`)
  return result.stdout
}
