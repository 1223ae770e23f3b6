import { arrange, type Rows } from '../layout.ts'
import type { FaultNetwork, NodeId } from '../network.ts'

/**
 * What makes one top true, with nothing superfluous: top = any of `loose`, or the root of `rest` with every loose event
 * false. The ids of `rest` are its own; `eventAt` gives an event's id in the original network.
 */
export interface Formula {
  readonly loose: readonly NodeId[]
  /** Null if nothing remains. The root is the last position, an OR. */
  readonly rest: FaultNetwork | null
  /** By position in `rest`. */
  readonly eventAt: Int32Array
}

/**
 * Follows the top through ORs. Every OR met implies the top, so below the gates that remain it may be replaced by false:
 * of all ORs met, the first to come true in the order of the fixed point did so without the others. That opens
 * every cycle through the top, and removes what the top depends on anyway from the fallbacks.
 */
export function extractFormula(network: FaultNetwork, top: number): Formula {
  const { loose, crossings, isCut } = followOrs(network, top)
  const isPossible = findPossible(network, crossings, isCut)
  const roots = crossings.filter((gate) => isPossible[gate] === 1)
  if (roots.length === 0) return { loose: toIds(network, loose), rest: null, eventAt: new Int32Array(0) }
  const draft = reduce(network, isPossible)
  addGate(draft, -1, 1, [...new Set(roots.map((root) => draft.indexOf[root] as number))])
  groupPrivateEvents(draft)
  const rest = arrange({ needed: Int32Array.from(draft.needed), inputs: packRows(draft.inputsOf) })
  const eventAt = rest.idAt
    .subarray(0, rest.eventCount)
    .map((id) => network.idAt[draft.sources[id] as number] as number)
  return { loose: toIds(network, loose), rest, eventAt }
}

function toIds(network: FaultNetwork, positions: readonly number[]): NodeId[] {
  return positions.map((position) => network.idAt[position] as number)
}

function followOrs(network: FaultNetwork, top: number) {
  const isCut = new Uint8Array(network.nodeCount)
  const isMet = new Uint8Array(network.nodeCount)
  const loose: number[] = []
  const crossings: number[] = []
  const open = [top]
  isMet[top] = 1
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node < network.eventCount) loose.push(node)
    else if (network.needed[node] !== 1) crossings.push(node)
    else {
      for (let i = network.inputStart[node] as number; i < (network.inputStart[node + 1] as number); i++) {
        const input = network.inputs[i] as number
        if (isMet[input] === 0) open.push(input)
        isMet[input] = 1
      }
    }
    if (node < network.eventCount || network.needed[node] === 1) isCut[node] = 1
  }
  return { loose, crossings: crossings.sort((a, b) => a - b), isCut }
}

/** Marks what lies under the crossings and can come true although what is cut is false. */
function findPossible(network: FaultNetwork, crossings: readonly number[], isCut: Uint8Array): Uint8Array {
  const { inputStart, inputs, outputStart, outputs, needed } = network
  const isBelow = new Uint8Array(network.nodeCount)
  const isPossible = new Uint8Array(network.nodeCount)
  const trueInputs = new Int32Array(network.nodeCount)
  const possible: number[] = []
  const open = [...crossings]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isBelow[node] === 1 || isCut[node] === 1) continue
    isBelow[node] = 1
    if (node < network.eventCount) possible.push(node)
    for (let i = inputStart[node] as number; i < (inputStart[node + 1] as number); i++) open.push(inputs[i] as number)
  }
  for (let node = possible.pop(); node !== undefined; node = possible.pop()) {
    isPossible[node] = 1
    for (let i = outputStart[node] as number; i < (outputStart[node + 1] as number); i++) {
      const gate = outputs[i] as number
      if (isBelow[gate] === 0) continue
      trueInputs[gate] = (trueInputs[gate] as number) + 1
      if (trueInputs[gate] === needed[gate]) possible.push(gate)
    }
  }
  return isPossible
}

/** The formula's network while it is put together, by its own ids. */
interface Draft {
  readonly needed: number[]
  readonly inputsOf: (readonly number[])[]
  /** The position in the original network; -1 if there is none. */
  readonly sources: number[]
  /** By position in the original network: the id, or -1. */
  readonly indexOf: Int32Array
}

function addGate(draft: Draft, source: number, needed: number, inputs: readonly number[]): number {
  draft.needed.push(needed)
  draft.inputsOf.push(inputs)
  return draft.sources.push(source) - 1
}

/** Keeps what is possible. A gate with a single possible input becomes that input, unless it is in a cycle. */
function reduce(network: FaultNetwork, isPossible: Uint8Array): Draft {
  const draft: Draft = { needed: [], inputsOf: [], sources: [], indexOf: new Int32Array(network.nodeCount).fill(-1) }
  const { inputStart, inputs, needed, cycleOf, eventCount } = network
  const isAlias = new Uint8Array(network.nodeCount)
  for (let node = 0; node < network.nodeCount; node++) {
    if (isPossible[node] === 0) continue
    const only = node < eventCount || cycleOf[node] !== -1 ? -1 : onlyPossibleInput(node)
    if (only >= 0) isAlias[node] = 1
    if (only >= 0) draft.indexOf[node] = draft.indexOf[only] as number
    else draft.indexOf[node] = addGate(draft, node, node < eventCount ? -1 : (needed[node] as number), [])
  }
  for (let node = eventCount; node < network.nodeCount; node++) {
    if (isPossible[node] === 0 || isAlias[node] === 1) continue
    const index = draft.indexOf[node] as number
    const kept: number[] = []
    for (let i = inputStart[node] as number; i < (inputStart[node + 1] as number); i++) {
      const input = inputs[i] as number
      if (isPossible[input] === 1) kept.push(draft.indexOf[input] as number)
    }
    const isThreshold = (needed[node] as number) > 1 && (needed[node] as number) < kept.length
    draft.inputsOf[index] = isThreshold ? kept : withoutRepeats(kept)
    if (!isThreshold && needed[node] !== 1) draft.needed[index] = (draft.inputsOf[index] as number[]).length
  }
  return draft

  /** -1 if there are several. */
  function onlyPossibleInput(node: number): number {
    let only = -1
    for (let i = inputStart[node] as number; i < (inputStart[node + 1] as number); i++) {
      const input = inputs[i] as number
      if (isPossible[input] === 0 || input === only) continue
      if (only >= 0) return -1
      only = input
    }
    return only
  }
}

function withoutRepeats(values: readonly number[]): readonly number[] {
  if (values.length > 8) return [...new Set(values)]
  return values.filter((value, index) => values.indexOf(value) === index)
}

/** Gives the events that only one gate uses, and among others, a gate of their own: a module with one number. */
function groupPrivateEvents(draft: Draft): void {
  const { needed, inputsOf } = draft
  const useCount = new Int32Array(needed.length)
  for (const inputs of inputsOf) for (const input of inputs) useCount[input] = (useCount[input] as number) + 1
  const isPrivate = (input: number) => needed[input] === -1 && useCount[input] === 1
  for (let gate = useCount.length - 1; gate >= 0; gate--) {
    const inputs = inputsOf[gate] as readonly number[]
    const isAnd = needed[gate] === inputs.length
    if (!isAnd && needed[gate] !== 1) continue
    if (!hasTwo(inputs, isPrivate)) continue
    const own = inputs.filter(isPrivate)
    if (own.length === inputs.length) continue
    const group = addGate(draft, -1, isAnd ? own.length : 1, own)
    inputsOf[gate] = [...inputs.filter((input) => !isPrivate(input)), group]
    if (isAnd) needed[gate] = (inputsOf[gate] as readonly number[]).length
  }
}

function hasTwo(values: readonly number[], is: (value: number) => boolean): boolean {
  let count = 0
  for (const value of values) if (is(value) && ++count === 2) return true
  return false
}

function packRows(rows: readonly (readonly number[])[]): Rows {
  const start = new Int32Array(rows.length + 1)
  rows.forEach((row, index) => {
    start[index + 1] = (start[index] as number) + row.length
  })
  const values = new Int32Array(start[rows.length] as number)
  rows.forEach((row, index) => {
    values.set(row, start[index])
  })
  return { start, values }
}
