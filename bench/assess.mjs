// How long an assessment takes, by size of the platform, over five seeds: `npm run bench`. Prints medians, the peak
// memory of each size (a process of its own), and how time grows. Nothing here is asserted: figures are for people.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SIZES = [100, 1_000, 10_000]
const SEEDS = [1, 2, 3, 4, 5]
const [size, seed] = process.argv.slice(2).map(Number)
if (size) process.stdout.write(JSON.stringify(await measure(size, seed)))
else report()

/** One assessment in a fresh process, after a small one has warmed the compiler. */
async function measure(size, seed) {
  const { generatePlatform } = await import('./generate-platform.mjs')
  const { checkDocument } = await import('../dist/model/index.js')
  const { assess } = await import('../dist/assess/index.js')
  readAll(assess(checkDocument(generatePlatform(100, 99), 'warm-up').model))
  const document = generatePlatform(size, seed)
  const start = performance.now()
  const { model, problems } = checkDocument(document, 'generated')
  if (!model) throw new Error(JSON.stringify(problems[0]))
  const checked = performance.now()
  const { flows, pairs, intervals } = readAll(assess(model))
  const done = performance.now()
  const memory = process.resourceUsage().maxRSS / 1024
  return {
    check: checked - start,
    assess: done - checked,
    memory,
    flows,
    pairs,
    intervals,
    components: model.components.length,
  }
}

/** Reads what is computed when read: probabilities, cut sets and importance of the claimed view. */
function readAll({ claimed }) {
  let pairs = 0
  let intervals = 0
  for (const flow of claimed.flows) {
    pairs += flow.cutSets.count - flow.spofs.length
    if (flow.unavailability.upper - flow.unavailability.lower > 1e-12) intervals++
  }
  for (const component of claimed.components) void component.importance
  return { flows: claimed.flows.length, pairs, intervals }
}

function report() {
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
  let before
  process.stdout.write('components   check ms   assess ms   ×size ×time   peak MB   cut sets   flows as intervals\n')
  for (const size of SIZES) {
    const runs = SEEDS.map((seed) => run(size, seed))
    const time = median(runs.map((one) => one.assess))
    const growth = before
      ? `${(size / before.size).toFixed(0).padStart(5)} ${(time / before.time).toFixed(1).padStart(5)}`
      : '    –     –'
    const columns = [
      String(size).padStart(10),
      median(runs.map((one) => one.check))
        .toFixed(0)
        .padStart(11),
      time.toFixed(0).padStart(12),
      `  ${growth}`,
      Math.max(...runs.map((one) => one.memory))
        .toFixed(0)
        .padStart(10),
      String(median(runs.map((one) => one.pairs))).padStart(11),
      `${median(runs.map((one) => one.intervals))} of ${runs[0].flows}`.padStart(14),
    ]
    process.stdout.write(`${columns.join('')}\n`)
    before = { size, time }
  }
}

function run(size, seed) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), String(size), String(seed)],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
