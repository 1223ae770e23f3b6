import type { Flow } from '../../model/index.ts'
import {
  findMinimalCutSets,
  findPairs,
  type Interval,
  type NodeId,
  type Pairs,
  type Solution,
  solveTop,
} from '../fault-tree/index.ts'
import { type BasicEvent, probabilityOf } from '../semantics/basic-event.ts'
import type { FailureNetwork } from '../semantics/build-failure-network.ts'
import type { CutSets, FlowView, Spof } from '../view.ts'
import { errorBudgetMinutes } from './risk.ts'

const MINUTES_PER_YEAR = 365 * 24 * 60

export interface Limits {
  /** Decision-diagram nodes to spend on all flows; where they end, an unavailability is a proved interval. */
  readonly nodesMax: number
  /** Cut sets to keep for each flow. */
  readonly cutSetsMax: number
  /** Longest cut sets wanted; orders 1 and 2 are complete up to `cutSetsMax`. */
  readonly orderMax: number
}

/** The probability of each node of the network, by node id; gates have none. */
export function listProbabilities({ network, events }: FailureNetwork): Float64Array {
  const probabilities = new Float64Array(network.nodeCount)
  events.forEach((event, node) => {
    probabilities[node] = probabilityOf(event)
  })
  return probabilities
}

export interface SolvedFlow {
  readonly solution: Solution
  readonly down: Interval
  readonly degraded: number
}

/** How much of the time each flow is down, and is up but degraded. */
export function solveFlows(failure: FailureNetwork, nodesMax: number): SolvedFlow[] {
  const probabilities = listProbabilities(failure)
  const share = Math.floor(nodesMax / failure.down.length)
  const solve = (top: NodeId) => solveTop(failure.network, top, { nodesMax: share })
  return failure.down.map((top, flow) => {
    const solution = solve(top)
    const down = solution.probability(probabilities)
    const impaired = solve(failure.impaired[flow] ?? top).probability(probabilities)
    return { solution, down, degraded: Math.max(0, impaired.upper - down.upper) }
  })
}

/** How much of the time each flow is down, and no more. */
export function solveDown(failure: FailureNetwork, nodesMax: number): Interval[] {
  const probabilities = listProbabilities(failure)
  const share = Math.floor(nodesMax / failure.down.length)
  return failure.down.map((top) => solveTop(failure.network, top, { nodesMax: share }).probability(probabilities))
}

/**
 * The cut sets of each flow, kept compact: a large platform has hundreds of thousands. Orders 1 and 2 for all flows in
 * one pass; deeper ones flow by flow where asked for.
 */
export function findCutSets(
  failure: FailureNetwork,
  singles: readonly Int32Array[],
  probabilities: Float64Array,
  { cutSetsMax, orderMax }: Limits,
): CutSets[] {
  const { network, down, commonCauses: exclude } = failure
  if (orderMax > 2)
    return down.map((top) => {
      const { sets, isTruncated } = findMinimalCutSets(network, top, { orderMax, setsMax: cutSetsMax, exclude })
      return keep(sets, isTruncated, failure.events, probabilities)
    })
  const pairs = orderMax < 2 ? [] : findPairs(network, down, { pairsMax: cutSetsMax, exclude })
  return down.map((_, flow) => {
    const found = pairs[flow] ?? { events: new Int32Array(), isTruncated: false }
    return keep([...singlesAndPairs(singles[flow], found)], found.isTruncated, failure.events, probabilities)
  })
}

function* singlesAndPairs(singles: Int32Array | undefined, pairs: Pairs): Iterable<readonly NodeId[]> {
  for (const node of singles ?? []) yield [node]
  for (let i = 0; i < pairs.events.length; i += 2) yield [pairs.events[i] ?? 0, pairs.events[i + 1] ?? 0]
}

function keep(
  sets: readonly (readonly NodeId[])[],
  isTruncated: boolean,
  events: readonly BasicEvent[],
  probabilities: Float64Array,
): CutSets {
  const weigh = (set: readonly NodeId[]) => set.reduce((product, node) => product * (probabilities[node] ?? 0), 1)
  const list = (limit = Number.POSITIVE_INFINITY) =>
    sets
      .map((set) => ({ set, probability: weigh(set) }))
      .sort((a, b) => a.set.length - b.set.length || b.probability - a.probability)
      .slice(0, limit)
      .map(({ set, probability }) => ({
        order: set.length,
        probability,
        events: set.flatMap((node) => events[node] ?? []),
      }))
  return { count: sets.length, isTruncated, list }
}

export interface FlowFacts {
  readonly spofs: readonly Spof[]
  readonly solve: () => SolvedFlow
  readonly solveCertain: () => Interval
  readonly findCutSets: () => CutSets
}

/** One flow, put together; solved and cut when first read. */
export function viewFlow(flow: Flow, { spofs, solve, solveCertain, findCutSets }: FlowFacts): FlowView {
  return {
    flow,
    spofs,
    errorBudgetMinutes: errorBudgetMinutes(flow),
    get unavailability() {
      return solve().down
    },
    get minutesDownPerYear() {
      return solve().down.upper * MINUTES_PER_YEAR
    },
    get minutesDownCertainPerYear() {
      return solveCertain().upper * MINUTES_PER_YEAR
    },
    get minutesDegradedPerYear() {
      return solve().degraded * MINUTES_PER_YEAR
    },
    get cutSets() {
      return findCutSets()
    },
  }
}
