import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findMinimalCutSets, findPairs, findSingles, type NodeId, simulate, solveTop } from './index.ts'
import {
  arbitraryNetwork,
  arbitraryPlatform,
  arbitraryProbabilities,
  buildNetwork,
  compareSets,
  minimalSets,
  type SmallNetwork,
  settleNaively,
  tableProbability,
  truthTables,
} from './testing/brute-force.ts'

const arbitraryCase = arbitraryNetwork(9).chain((small) =>
  fc.record({
    small: fc.constant(small),
    p: arbitraryProbabilities(small),
    exclude: fc.uniqueArray(fc.nat(small.eventCount - 1), { maxLength: 2 }).map((events) => new Set(events)),
  }),
)

describe('any small network with cycles, against every state of its events', () => {
  test('simulation gives the least fixed point, whether events or gates are made true', () => {
    const withScenarios = arbitraryNetwork(9).chain((small) => {
      const node = fc.nat(small.eventCount + small.gates.length - 1)
      return fc.tuple(fc.constant(small), fc.array(fc.uniqueArray(node, { maxLength: 5 }), { maxLength: 70 }))
    })
    check(withScenarios, 400, ([small, scenarios]) => {
      const watch = nodesOf(small)
      const simulation = simulate(buildNetwork(small), { scenarios, watch })
      const answers = scenarios.map((_, index) => watch.filter((node) => simulation.isTrue(index, node)))
      const truth = scenarios.map((given) => {
        const isTrue = settleNaively(small, given)
        return watch.filter((node) => isTrue[node])
      })
      expect(answers).toEqual(truth)
      expect(simulation.countTrue(0)).toBe(truth.filter((nodes) => nodes.includes(0)).length)
    })
  })

  test('singles are the minimal cut sets of order 1', () => {
    check(arbitraryCase, 600, ({ small, exclude }) => {
      const tops = nodesOf(small)
      const found = findSingles(buildNetwork(small), tops, { exclude })
      expect(found.map((events) => [...events])).toEqual(setsOfOrder(small, 1, exclude).map((sets) => sets.flat()))
    })
  })

  test('pairs are the minimal cut sets of order 2, for any number of tops at once', () => {
    check(fc.tuple(arbitraryCase, fc.integer({ min: 1, max: 4 })), 600, ([{ small, exclude }, repeats]) => {
      const tops = Array.from({ length: repeats }, () => nodesOf(small)).flat()
      const found = findPairs(buildNetwork(small), tops, { pairsMax: 100, exclude })
      const truth = setsOfOrder(small, 2, exclude).map((sets) => ({ events: sets.flat(), isTruncated: false }))
      expect(found.map(({ events, isTruncated }) => ({ events: [...events], isTruncated }))).toEqual(
        Array.from({ length: repeats }, () => truth).flat(),
      )
    })
  })

  test('truncated pairs are some of the pairs, and say so', () => {
    check(arbitraryCase, 200, ({ small }) => {
      const tops = nodesOf(small)
      const found = findPairs(buildNetwork(small), tops, { pairsMax: 1 })
      const truths = setsOfOrder(small, 2, new Set())
      found.forEach(({ events, isTruncated }, index) => {
        const truth = truths[index] ?? []
        expect(isTruncated).toBe(truth.length > 1)
        expect(events.length).toBe(Math.min(truth.length, 1) * 2)
        if (events.length > 0) expect(truth).toContainEqual([...events])
      })
    })
  })

  test('minimal cut sets of every order are found, up to the order asked for', () => {
    check(arbitraryCase, 500, ({ small, exclude }) => {
      const network = buildNetwork(small)
      const tables = truthTables(small)
      for (const top of topsOf(small)) {
        const truth = minimalSets(tables[top] as boolean[], exclude)
        const all = findMinimalCutSets(network, top, { orderMax: 10, setsMax: 1000, exclude })
        expect(all).toEqual({ sets: truth, isTruncated: false })
        const few = findMinimalCutSets(network, top, { orderMax: 3, setsMax: 1000, exclude })
        expect(few.sets).toEqual(truth.filter((set) => set.length <= 3))
      }
    })
  })

  test('truncated minimal cut sets are minimal cut sets, and say so', () => {
    check(arbitraryCase, 200, ({ small }) => {
      const tables = truthTables(small)
      for (const top of topsOf(small)) {
        const truth = minimalSets(tables[top] as boolean[])
        const { sets, isTruncated } = findMinimalCutSets(buildNetwork(small), top, { orderMax: 10, setsMax: 2 })
        expect(sets.length).toBeLessThanOrEqual(2)
        if (!isTruncated) expect(sets).toEqual(truth)
        for (const set of sets) expect(truth).toContainEqual(set)
        expect([...sets].sort(compareSets)).toEqual(sets)
      }
    })
  })

  test('the probability is exact within 1e-12', () => {
    check(arbitraryCase, 500, ({ small, p }) => {
      const network = buildNetwork(small)
      const tables = truthTables(small)
      for (const top of topsOf(small)) {
        const solution = solveTop(network, top, { nodesMax: 100_000 })
        const truth = tableProbability(tables[top] as boolean[], p)
        const { lower, upper } = solution.probability(p)
        expect(solution.isExact).toBe(true)
        expect(Math.max(Math.abs(lower - truth), Math.abs(upper - truth))).toBeLessThan(1e-12)
      }
    })
  })

  test('the gradient is the difference between an event certain and never', () => {
    check(arbitraryCase, 300, ({ small, p }) => {
      const network = buildNetwork(small)
      const tables = truthTables(small)
      for (const top of topsOf(small)) {
        const table = tables[top] as boolean[]
        const gradient = solveTop(network, top, { nodesMax: 100_000 }).gradient(p)
        expect(gradient.length).toBe(network.nodeCount)
        gradient.forEach((slope, node) => {
          const truth = node < small.eventCount ? replaced(table, p, node, 1) - replaced(table, p, node, 0) : 0
          expect(Math.abs(slope - truth)).toBeLessThan(1e-12)
        })
      }
    })
  })

  test('replacing a few probabilities gives what solving with all of them gives', () => {
    const withChanges = arbitraryCase.chain((one) =>
      fc.record({
        one: fc.constant(one),
        changes: fc.array(fc.tuple(fc.nat(one.small.eventCount - 1), fc.double({ min: 0, max: 1, noNaN: true }))),
        nodesMax: fc.constantFrom(1, 5, 20, 100_000),
      }),
    )
    check(withChanges, 300, ({ one: { small, p }, changes, nodesMax }) => {
      const network = buildNetwork(small)
      for (const top of topsOf(small)) {
        const solution = solveTop(network, top, { nodesMax })
        const changed = p.slice()
        for (const [event, value] of changes) changed[event] = value
        const { lower, upper } = solution.probabilityWith(p, new Map(changes))
        const direct = solution.probability(changed)
        expect(Math.abs(lower - direct.lower)).toBeLessThan(1e-12)
        expect(Math.abs(upper - direct.upper)).toBeLessThan(1e-12)
      }
    })
  })

  test('however small the node budget, the interval contains the truth', () => {
    const withBudget = fc.tuple(arbitraryCase, fc.integer({ min: 1, max: 30 }))
    check(withBudget, 600, ([{ small, p }, nodesMax]) => {
      const network = buildNetwork(small)
      const tables = truthTables(small)
      for (const top of topsOf(small)) {
        const { lower, upper } = solveTop(network, top, { nodesMax }).probability(p)
        const truth = tableProbability(tables[top] as boolean[], p)
        expect(lower).toBeLessThan(truth + 1e-12)
        expect(upper).toBeGreaterThan(truth - 1e-12)
      }
    })
  })
})

describe('any platform of many small components', () => {
  const arbitraryPlatformCase = arbitraryPlatform().chain((small) =>
    fc.record({
      small: fc.constant(small),
      p: arbitraryProbabilities(small),
      nodesMax: fc.constantFrom(1, 10, 40, 200, 100_000),
    }),
  )

  test('its probability, or the interval a small budget leaves, contains the truth, and its slopes are exact', () => {
    check(arbitraryPlatformCase, 150, ({ small, p, nodesMax }) => {
      const network = buildNetwork(small)
      const top = network.nodeCount - 1
      const table = truthTables(small)[top] as boolean[]
      const solution = solveTop(network, top, { nodesMax })
      const { lower, upper } = solution.probability(p)
      const truth = tableProbability(table, p)
      expect(lower).toBeLessThan(truth + 1e-12)
      expect(upper).toBeGreaterThan(truth - 1e-12)
      expect(solution.isExact || nodesMax <= 200).toBe(true)
      if (!solution.isExact) return
      expect(upper - lower).toBeLessThan(1e-12)
      const slope = replaced(table, p, 0, 1) - replaced(table, p, 0, 0)
      expect(Math.abs((solution.gradient(p)[0] as number) - slope)).toBeLessThan(1e-12)
    })
  })

  test('its pairs and its cut sets of order 3 are complete', () => {
    check(arbitraryPlatform(), 60, (small) => {
      const network = buildNetwork(small)
      const top = network.nodeCount - 1
      const truth = minimalSets(truthTables(small)[top] as boolean[])
      const pairs = findPairs(network, [top], { pairsMax: 1000 })[0]
      expect([...(pairs?.events ?? [])]).toEqual(truth.filter((set) => set.length === 2).flat())
      const { sets } = findMinimalCutSets(network, top, { orderMax: 3, setsMax: 1000 })
      expect(sets).toEqual(truth.filter((set) => set.length <= 3))
    })
  })
})

function check<T>(arbitrary: fc.Arbitrary<T>, numRuns: number, predicate: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, predicate), { numRuns, seed: 20_201 })
}

function nodesOf(small: SmallNetwork): NodeId[] {
  return Array.from({ length: small.eventCount + small.gates.length }, (_, node) => node)
}

/** An event, and the last two gates. */
function topsOf(small: SmallNetwork): NodeId[] {
  return [...new Set([0, ...nodesOf(small).slice(-2)])]
}

/** By node: its minimal sets of that order. */
function setsOfOrder(small: SmallNetwork, order: number, exclude: ReadonlySet<NodeId>): NodeId[][][] {
  return truthTables(small).map((table) => minimalSets(table, exclude).filter((set) => set.length === order))
}

function replaced(table: readonly boolean[], p: Float64Array, event: NodeId, value: number): number {
  const changed = p.slice()
  changed[event] = value
  return tableProbability(table, changed)
}
