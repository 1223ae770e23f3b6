import type { FaultNetwork } from '../network.ts'
import { findRoot } from './union-find.ts'

/** Gates over more units than this tie too much together to say what belongs together. */
const UNITS_PER_TIE_MAX = 64

/** The gates of a group, ascending, and the units under them. */
export interface Span {
  readonly units: readonly number[]
  readonly gates: readonly number[]
}

/**
 * A variable order by dissection: units that tie most together come first (zones, then hosts); what falls apart without
 * them is ordered part by part. So a decision diagram forgets each part before it comes to the next.
 */
export function orderByDissection(network: FaultNetwork, span: Span): number[] {
  const order: number[] = []
  const scratch = { degrees: new Int32Array(network.nodeCount), parents: new Int32Array(network.nodeCount) }
  const open: Part[] = [{ units: span.units, ties: collectTies(network, span) }]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const degreeMax = countDegrees(part, scratch)
    if (degreeMax < 2) order.push(...part.units)
    else open.push(...splitAtHubs(part, { ...scratch, degreeMax, order }).reverse())
  }
  return order
}

interface Part {
  readonly units: readonly number[]
  readonly ties: readonly (readonly number[])[]
}

/** By unit; valid for the units of the part at hand. */
interface Scratch {
  readonly degrees: Int32Array
  readonly parents: Int32Array
}

/** For every gate that needs more than one input, the units under it, if they are few. */
function collectTies({ needed, inputStart, inputs }: FaultNetwork, { units, gates }: Span): (readonly number[])[] {
  const unitsUnder = new Map<number, readonly number[] | null>()
  for (const unit of units) unitsUnder.set(unit, [unit])
  const ties: (readonly number[])[] = []
  for (const gate of gates) {
    let under: number[] | null = []
    for (let i = inputStart[gate] as number; under && i < (inputStart[gate + 1] as number); i++) {
      // An input inside the same cycle may not be known yet: it adds nothing.
      const more = unitsUnder.get(inputs[i] as number)
      if (more === null || under.length > UNITS_PER_TIE_MAX) under = null
      else for (const unit of more ?? []) if (!under.includes(unit)) under.push(unit)
    }
    unitsUnder.set(gate, under)
    if (under && needed[gate] !== 1 && under.length > 1) ties.push(under)
  }
  return ties
}

/** How many ties each unit is in; gives the largest number. */
function countDegrees({ units, ties }: Part, { degrees }: Scratch): number {
  for (const unit of units) degrees[unit] = 0
  let degreeMax = 0
  for (const tie of ties) {
    for (const unit of tie) {
      const degree = (degrees[unit] as number) + 1
      degrees[unit] = degree
      if (degree > degreeMax) degreeMax = degree
    }
  }
  return degreeMax
}

interface HubSplit extends Scratch {
  readonly degreeMax: number
  /** The hubs are appended to it: units in at least half as many ties as the one in most. */
  readonly order: number[]
}

/** The parts that remain connected when the hubs are gone, in the order of their first units. */
function splitAtHubs({ units, ties }: Part, { degrees, parents, degreeMax, order }: HubSplit): Part[] {
  const isHub = (unit: number) => 2 * (degrees[unit] as number) >= degreeMax
  order.push(...units.filter(isHub).sort((a, b) => (degrees[b] as number) - (degrees[a] as number)))
  const rest = units.filter((unit) => !isHub(unit))
  for (const unit of rest) parents[unit] = unit
  const restTies: (readonly number[])[] = []
  for (const tie of ties) {
    const left = tie.filter((unit) => !isHub(unit))
    if (left.length === 0) continue
    restTies.push(left)
    const root = findRoot(parents, left[0] as number)
    for (const unit of left) parents[findRoot(parents, unit)] = root
  }
  const parts = new Map<number, { units: number[]; ties: (readonly number[])[] }>()
  for (const unit of rest) {
    const root = findRoot(parents, unit)
    const part = parts.get(root)
    if (part) part.units.push(unit)
    else parts.set(root, { units: [unit], ties: [] })
  }
  for (const tie of restTies) parts.get(findRoot(parents, tie[0] as number))?.ties.push(tie)
  return [...parts.values()]
}
