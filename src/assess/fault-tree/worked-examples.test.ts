import { describe, expect, test } from 'vitest'
import {
  type FaultNetwork,
  findMinimalCutSets,
  findPairs,
  findSingles,
  NetworkBuilder,
  type NodeId,
  simulate,
  solveTop,
} from './index.ts'

const SOLVE = { nodesMax: 10_000 }

describe('worked examples', () => {
  // Vesely et al., Fault Tree Handbook, NUREG-0492 (1981), chapter VIII: rupture of the pressure tank.
  test('the pressure tank ruptures by the tank, by relay K2, or by the pressure switch with one of three others', () => {
    const builder = new NetworkBuilder()
    const [t, k2, s, s1, k1, r] = events(builder, 6)
    const timer = builder.gate('or', [k1, r])
    const stuckOn = builder.gate('or', [s1, timer])
    const relayHeld = builder.gate('and', [s, stuckOn])
    const relay = builder.gate('or', [k2, relayHeld])
    const rupture = builder.gate('or', [t, relay])
    const network = builder.build()
    expect(cutSets(network, rupture)).toEqual([[t], [k2], [s, s1], [s, k1], [s, r]])
    expect([...(findSingles(network, [rupture])[0] ?? [])]).toEqual([t, k2])
    expect([...(findPairs(network, [rupture], { pairsMax: 10 })[0]?.events ?? [])]).toEqual([s, s1, s, k1, s, r])
    const p = Float64Array.of(5e-6, 3e-5, 1e-4, 3e-5, 3e-5, 1e-4, 0, 0, 0, 0, 0)
    const others = 1 - (1 - 3e-5) * (1 - 3e-5) * (1 - 1e-4)
    const truth = 1 - (1 - 5e-6) * (1 - 3e-5) * (1 - 1e-4 * others)
    expect(solveTop(network, rupture, SOLVE).probability(p).lower).toBeCloseTo(truth, 15)
  })

  // Barlow & Proschan, Statistical Theory of Reliability and Life Testing (1975), chapter 1.
  test('a two-out-of-three system fails with probability 3q² − 2q³', () => {
    const builder = new NetworkBuilder()
    const parts = events(builder, 3)
    const top = builder.gate({ atLeast: 2 }, parts)
    const network = builder.build()
    const [a, b, c] = parts
    expect(cutSets(network, top)).toEqual([[a, b], [a, c], [b, c]]) // biome-ignore format: one line reads best
    const solution = solveTop(network, top, SOLVE)
    expect(solution.probability(probabilities(network, parts, 0.1)).lower).toBeCloseTo(0.028, 15)
    expect(solution.gradient(probabilities(network, parts, 0.1))[a]).toBeCloseTo(2 * 0.1 * 0.9, 15)
  })

  // Barlow & Proschan (1975), chapter 2: the bridge structure; its paths are 1-4, 2-5, 1-3-5, 2-3-4.
  test('the bridge network has two cut sets of order 2 and two of order 3', () => {
    const builder = new NetworkBuilder()
    const links = events(builder, 5)
    const [a, b, c, d, e] = links
    const paths = [[a, d], [b, e], [a, c, e], [b, c, d]] // biome-ignore format: one line reads best
    const top = builder.gate('and', paths.map((path) => builder.gate('or', path))) // biome-ignore format: as above
    const network = builder.build()
    expect(cutSets(network, top)).toEqual([[a, b], [d, e], [a, c, e], [b, c, d]]) // biome-ignore format: as above
    const q = 0.1
    const truth = 2 * q ** 2 + 2 * q ** 3 - 5 * q ** 4 + 2 * q ** 5
    expect(solveTop(network, top, SOLVE).probability(probabilities(network, links, q)).lower).toBeCloseTo(truth, 15)
  })
})

describe('cycles', () => {
  test('two services that need each other fail by their own events, not by each other', () => {
    const builder = new NetworkBuilder()
    const [auth, user] = events(builder, 2)
    const authDown = builder.declare()
    const userDown = builder.gate('or', [user, authDown])
    builder.define(authDown, 'or', [auth, userDown])
    const network = builder.build()
    expect(cutSets(network, authDown)).toEqual([[auth], [user]])
    expect(simulate(network, { scenarios: [[], [userDown]], watch: [authDown] }).countTrue(0)).toBe(1)
  })

  test('two caches that stand in for each other fail only together', () => {
    const builder = new NetworkBuilder()
    const [east, west] = events(builder, 2)
    const eastDown = builder.declare()
    const westDown = builder.gate('and', [west, builder.gate('or', [east, eastDown])])
    builder.define(eastDown, 'and', [east, builder.gate('or', [west, westDown])])
    const network = builder.build()
    expect(cutSets(network, westDown)).toEqual([[east, west]])
  })
})

describe('depth', () => {
  test('a chain of two thousand gates that share events gets bounds, not a stack overflow', () => {
    const builder = new NetworkBuilder()
    const chain = Array.from({ length: 2_000 }, () => builder.event())
    const top = chain.reduce((gate, event, i) => {
      const shared = chain[Math.max(0, i - 3)] as NodeId
      return builder.gate(i % 2 === 0 ? 'or' : 'and', [gate, builder.gate(i % 2 === 0 ? 'and' : 'or', [event, shared])])
    })
    const network = builder.build()
    const { lower, upper } = solveTop(network, top, SOLVE).probability(probabilities(network, chain, 0.3))
    expect(lower).toBeLessThanOrEqual(upper)
    expect(upper).toBeLessThan(1)
  })
})

describe('the builder', () => {
  test('an or of nothing is false and an and of nothing is true', () => {
    const builder = new NetworkBuilder()
    const [never, always] = [builder.gate('or', []), builder.gate('and', [])]
    const network = builder.build()
    expect(cutSets(network, never)).toEqual([])
    expect(cutSets(network, always)).toEqual([[]])
    expect(solveTop(network, always, SOLVE).probability(new Float64Array(2))).toEqual({ lower: 1, upper: 1 })
    expect(solveTop(network, never, SOLVE).probability(new Float64Array(2))).toEqual({ lower: 0, upper: 0 })
  })

  test('an input listed twice counts twice in at-least and once elsewhere', () => {
    const builder = new NetworkBuilder()
    const [a, b] = events(builder, 2)
    const counted = builder.gate({ atLeast: 2 }, [a, a, b])
    const listed = builder.gate('and', [a, a, b])
    const network = builder.build()
    expect(cutSets(network, counted)).toEqual([[a]])
    expect(cutSets(network, listed)).toEqual([[a, b]])
  })

  test('events may be declared after gates, and ids stay valid', () => {
    const builder = new NetworkBuilder()
    const top = builder.declare()
    const event = builder.event()
    builder.define(top, 'or', [event])
    expect(cutSets(builder.build(), top)).toEqual([[event]])
  })

  test('a wrong network is refused with a code', () => {
    const builder = new NetworkBuilder()
    const event = builder.event()
    const gate = builder.gate('or', [event])
    expect(() => builder.define(event, 'or', [])).toThrow(expect.objectContaining({ code: 'not-a-gate', node: event }))
    expect(() => builder.define(gate, 'or', [])).toThrow(expect.objectContaining({ code: 'defined-twice' }))
    expect(() => builder.gate({ atLeast: 1.5 }, [event])).toThrow(expect.objectContaining({ code: 'bad-count' }))
    expect(() => findSingles(builder.build(), [99])).toThrow(expect.objectContaining({ code: 'undefined-gate' }))
    const other = new NetworkBuilder()
    other.gate('or', [7])
    expect(() => other.build()).toThrow(expect.objectContaining({ code: 'unknown-node', node: 7 }))
  })

  test('a question about a node the network does not have is refused', () => {
    const network = new NetworkBuilder().build()
    expect(() => solveTop(network, 0, SOLVE)).toThrow(expect.objectContaining({ code: 'unknown-node', node: 0 }))
  })
})

function events(builder: NetworkBuilder, count: number): [NodeId, NodeId, NodeId, NodeId, NodeId, NodeId] {
  return Array.from({ length: count }, () => builder.event()) as ReturnType<typeof events>
}

function cutSets(network: FaultNetwork, top: NodeId): readonly (readonly NodeId[])[] {
  return findMinimalCutSets(network, top, { orderMax: 5, setsMax: 100 }).sets
}

function probabilities(network: FaultNetwork, parts: readonly NodeId[], q: number): Float64Array {
  const p = new Float64Array(network.nodeCount)
  for (const part of parts) p[part] = q
  return p
}
