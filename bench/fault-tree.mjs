// Measures the fault-tree engine on generated platforms: `npx tsc -b && node --expose-gc bench/fault-tree.mjs [sizes…]`.
// A platform: components in layers, each with 2 or 3 instances on a pool of 12 hosts in 3 zones, 5 dependencies each
// on lower layers (some with a fallback, a few sideways, so there are cycles), shared databases, 20 flows on top.
import { findPairs, findSingles, NetworkBuilder, solveTop } from '../dist/assess/fault-tree/index.js'

const HOSTS_PER_POOL = 12
const COMPONENTS_PER_POOL = 48
const FLOWS = 20
const NODES_MAX = 300_000

const sizes = process.argv.slice(2).map(Number)
for (const size of sizes.length > 0 ? sizes : [100, 1_000, 10_000]) measure(size)

function measure(componentCount) {
  const { network, tops, p } = time('build', componentCount, () => generate(componentCount, seededRandom(42)))
  console.log(
    `  ${network.eventCount} events, ${network.nodeCount - network.eventCount} gates, ${network.inputs.length} inputs`,
  )
  const singles = time('singles', componentCount, () => findSingles(network, tops))
  const pairs = time('pairs', componentCount, () => findPairs(network, tops, { pairsMax: 200_000 }))
  const solutions = time('solve', componentCount, () =>
    tops.map((top) => solveTop(network, top, { nodesMax: NODES_MAX })),
  )
  const answers = time('probability', componentCount, () => solutions.map((solution) => solution.probability(p)))
  time('gradient', componentCount, () => solutions.map((solution) => solution.gradient(p)))
  const sum = (values) => values.reduce((total, value) => total + value, 0)
  console.log(
    `  ${sum(singles.map((s) => s.length))} singles, ${sum(pairs.map((s) => s.events.length / 2))} pairs, truncated ${pairs.filter((s) => s.isTruncated).length}`,
  )
  console.log(
    `  exact ${solutions.filter((s) => s.isExact).length} of ${tops.length}; nodes ${sum(solutions.map((s) => s.size))}; widest ${Math.max(...answers.map(({ lower, upper }) => upper - lower))}; first ${answers[0].lower} ${answers[0].upper}`,
  )
}

function time(what, size, run) {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const start = process.cpuUsage()
  const result = run()
  const ms = process.cpuUsage(start).user / 1000
  globalThis.gc?.()
  const after = process.memoryUsage()
  const mb = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6
  console.log(
    `${String(size).padStart(6)} ${what.padEnd(12)} ${ms.toFixed(0).padStart(7)} ms  kept ${mb.toFixed(0)} MB  rss ${(after.rss / 1e6).toFixed(0)} MB`,
  )
  return result
}

function generate(componentCount, random) {
  const builder = new NetworkBuilder()
  const probabilities = []
  const event = (p) => {
    const id = builder.event()
    probabilities[id] = p * (0.5 + random())
    return id
  }
  const pick = (from, to) => from + Math.floor(random() * (to - from))
  const zones = [0, 1, 2].map(() => event(1e-4))
  const pools = Array.from({ length: Math.ceil(componentCount / COMPONENTS_PER_POOL) }, () =>
    Array.from({ length: HOSTS_PER_POOL }, (_, i) => builder.gate('or', [event(5e-4), zones[i % 3]])),
  )
  const down = Array.from({ length: componentCount }, () => builder.declare())
  const layerCount = Math.max(3, Math.round(Math.log(componentCount) / Math.log(5)))
  const layerStart = (layer) => Math.floor((componentCount * layer) / layerCount)
  const dependency = (target, index, layer, credential) => {
    const fallback =
      random() < 0.05 && layer < layerCount - 1 ? pick(Math.floor(0.98 * componentCount), componentCount) : index
    return fallback === index || fallback === target
      ? builder.gate('or', [down[target], credential])
      : builder.gate('and', [down[target], down[fallback]])
  }
  for (let index = 0; index < componentCount; index++) {
    const layer = Array.from({ length: layerCount }, (_, l) => l).findLast((l) => layerStart(l) <= index)
    const pool = pools[index % pools.length]
    const zone = pick(0, 3)
    const instances = Array.from({ length: 2 + pick(0, 2) }, (_, i) =>
      builder.gate('or', [event(2e-3), pool[((zone + i) % 3) + 3 * pick(0, 4)]]),
    )
    const isQuorum = instances.length === 3 && random() < 0.3
    const redundancy = builder.gate(isQuorum ? { atLeast: 2 } : 'and', instances)
    const credential = event(1e-6)
    const targets =
      layer === layerCount - 1
        ? []
        : Array.from({ length: 5 }, () => pick(layerStart(layer + 1), layerStart(layer + 2)))
    if (random() < 0.01) targets.push(pick(layerStart(layer), componentCount))
    const needs = targets
      .filter((target) => target !== index)
      .map((target) => dependency(target, index, layer, credential))
    builder.define(down[index], 'or', [event(1e-5), event(1e-5), redundancy, ...needs])
  }
  const tops = Array.from({ length: FLOWS }, () =>
    builder.gate(
      'or',
      Array.from({ length: 5 }, () => down[pick(0, layerStart(1))]),
    ),
  )
  const network = builder.build()
  const p = new Float64Array(network.nodeCount)
  probabilities.forEach((value, id) => {
    p[id] = value
  })
  return { network, tops, p }
}

function seededRandom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
