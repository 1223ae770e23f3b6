import type { FaultNetwork, NodeId } from './network.ts'
import { simulate } from './simulate.ts'

export interface SolveOptions {
  /** At most this many nodes are spent on decision diagrams; beyond it the probability is a proved interval. */
  readonly nodesMax: number
}

/** Bounds of a probability, 0 to 1; equal up to rounding when the solution is exact. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/**
 * A top event made ready for numbers. Arrays of probabilities are indexed by node id and `nodeCount` long; the entries
 * of gates are not read. Events are independent.
 */
export interface Solution {
  /** False if `nodesMax` was reached: the probability is then an interval that contains the truth. */
  readonly isExact: boolean
  /** The probability of the top event. */
  probability(p: Float64Array): Interval
  /** The same with some events' probabilities replaced; re-evaluates only what they touch. */
  probabilityWith(p: Float64Array, changes: ReadonlyMap<NodeId, number>): Interval
  /** Birnbaum importance by node id: how much the probability changes as an event goes from never to certain. */
  gradient(p: Float64Array): Float64Array
}

/** Prepares the exact probability of the top event, or proved bounds of it. */
export function solveTop(network: FaultNetwork, top: NodeId, _options: SolveOptions): Solution {
  const events = [...network.idAt.subarray(0, network.eventCount)]
  const states = Array.from({ length: 2 ** events.length }, (_, state) => events.filter((_, bit) => (state >> bit) & 1))
  const truth = simulate(network, { scenarios: states, watch: [top] })
  const probability = (p: Float64Array): Interval => {
    let sum = 0
    states.forEach((state, index) => {
      if (!truth.isTrue(index, 0)) return
      const isTrue = new Set(state)
      sum += events.reduce((product, event) => product * (isTrue.has(event) ? (p[event] ?? 0) : 1 - (p[event] ?? 0)), 1)
    })
    return { lower: sum, upper: sum }
  }
  const probabilityWith = (p: Float64Array, changes: ReadonlyMap<NodeId, number>) => {
    const changed = p.slice()
    for (const [event, value] of changes) changed[event] = value
    return probability(changed)
  }
  const slope = (p: Float64Array, event: NodeId) =>
    probabilityWith(p, new Map([[event, 1]])).lower - probabilityWith(p, new Map([[event, 0]])).lower
  return {
    isExact: true,
    probability,
    probabilityWith,
    gradient: (p) =>
      Float64Array.from({ length: network.nodeCount }, (_, id) => (events.includes(id) ? slope(p, id) : 0)),
  }
}
