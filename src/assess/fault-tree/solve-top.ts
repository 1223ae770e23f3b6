import { type FaultNetwork, type NodeId, positionOf } from './network.ts'
import { type Circuit, CircuitBuilder, Op, TRUE } from './solve/circuit.ts'
import { compileFormula } from './solve/compile.ts'
import { differentiate } from './solve/differentiate.ts'
import { createValues, evaluate, PartialEvaluation, type Values } from './solve/evaluate.ts'
import { extractFormula } from './solve/formula.ts'

export interface SolveOptions {
  /** At most about this many nodes are spent on decision diagrams; beyond it the probability is a proved interval. */
  readonly nodesMax: number
}

/** Bounds of a probability, 0 to 1; equal when the solution is exact. */
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
  /** How much was made: a measure of memory and of the time of one evaluation. */
  readonly size: number
  /** The probability of the top event. */
  probability(p: Float64Array): Interval
  /** The same with some events' probabilities replaced; re-evaluates only what they touch. Other ids are ignored. */
  probabilityWith(p: Float64Array, changes: ReadonlyMap<NodeId, number>): Interval
  /**
   * Birnbaum importance by node id: how much the probability changes as an event goes from never to certain, 0 for
   * gates. Exact if the solution is; otherwise an estimate. Source: Birnbaum 1969.
   */
  gradient(p: Float64Array): Float64Array
}

/** Prepares the exact probability of the top event, or proved bounds of it. Throws `FaultNetworkError`. */
export function solveTop(network: FaultNetwork, top: NodeId, { nodesMax }: SolveOptions): Solution {
  return createSolution(compileTop(network, positionOf(network, top), nodesMax), network.nodeCount)
}

function compileTop(network: FaultNetwork, top: number, nodesMax: number): Circuit {
  if (network.needed[top] === 0) return new CircuitBuilder().build(TRUE)
  return compileFormula(extractFormula(network, top), nodesMax)
}

function createSolution(circuit: Circuit, idCount: number): Solution {
  const nodeOfEvent = new Map<NodeId, number>()
  circuit.ops.forEach((op, node) => {
    if (op === Op.event) nodeOfEvent.set(circuit.a[node] as number, node)
  })
  let values: Values | null = null
  let partial: PartialEvaluation | null = null
  const settle = (p: Float64Array): Values => {
    values ??= createValues(circuit)
    evaluate(circuit, p, values)
    return values
  }
  /** The values last computed, if they belong to these probabilities. */
  const settleOnce = (p: Float64Array): Values => {
    for (const [event, node] of nodeOfEvent) if (values?.lower[node] !== (p[event] ?? 0)) return settle(p)
    return values ?? settle(p)
  }
  return {
    isExact: circuit.isExact,
    size: circuit.nodeCount + circuit.lists.length,
    probability: (p) => readRoot(circuit, settle(p)),
    probabilityWith: (p, changes) => {
      const before = settleOnce(p)
      const nodes = [...changes.keys()].flatMap((event) => nodeOfEvent.get(event) ?? [])
      const changed = p.slice()
      for (const [event, value] of changes) changed[event] = value
      partial ??= new PartialEvaluation(circuit)
      return partial.evaluate(nodes, changed, before)
    },
    gradient: (p) => differentiate(circuit, settleOnce(p), idCount),
  }
}

function readRoot({ root }: Circuit, { lower, upper }: Values): Interval {
  return { lower: lower[root] as number, upper: upper[root] as number }
}
