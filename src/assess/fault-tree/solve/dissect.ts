import type { FaultNetwork } from '../network.ts'

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
  const ties = collectTies(network, span)
  const order: number[] = []
  const open: Part[] = [{ units: span.units, ties }]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const degrees = countDegrees(part)
    const degreeMax = Math.max(0, ...degrees.values())
    if (degreeMax < 2) {
      order.push(...part.units)
      continue
    }
    const isHub = (unit: number) => 2 * (degrees.get(unit) ?? 0) >= degreeMax
    const hubs = part.units.filter(isHub).sort((a, b) => (degrees.get(b) ?? 0) - (degrees.get(a) ?? 0))
    order.push(...hubs)
    open.push(...splitWithout(part, new Set(hubs)).reverse())
  }
  return order
}

interface Part {
  readonly units: readonly number[]
  readonly ties: readonly (readonly number[])[]
}

/** For every gate that needs more than one input, the units under it, if they are few. */
function collectTies(network: FaultNetwork, { units, gates }: Span): (readonly number[])[] {
  const unitsUnder = new Map<number, readonly number[] | null>(units.map((unit) => [unit, [unit]]))
  const ties: (readonly number[])[] = []
  for (const gate of gates) {
    const inputs = network.inputs.subarray(network.inputStart[gate], network.inputStart[gate + 1])
    const under = new Set<number>()
    let isSmall = true
    for (const input of inputs) {
      for (const unit of unitsUnder.get(input) ?? []) under.add(unit)
      isSmall &&= unitsUnder.get(input) !== null && under.size <= UNITS_PER_TIE_MAX
    }
    unitsUnder.set(gate, isSmall ? [...under] : null)
    if (isSmall && network.needed[gate] !== 1 && under.size > 1) ties.push([...under])
  }
  return ties
}

function countDegrees({ ties }: Part): Map<number, number> {
  const degrees = new Map<number, number>()
  for (const tie of ties) for (const unit of tie) degrees.set(unit, (degrees.get(unit) ?? 0) + 1)
  return degrees
}

/** The parts that remain connected when the hubs are gone, in the order of their first units. */
function splitWithout({ units, ties }: Part, hubs: ReadonlySet<number>): Part[] {
  const rest = units.filter((unit) => !hubs.has(unit))
  const parents = new Map(rest.map((unit) => [unit, unit]))
  const find = (unit: number) => {
    let root = unit
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up
    for (let step = unit; step !== root; ) {
      const up = parents.get(step) as number
      parents.set(step, root)
      step = up
    }
    return root
  }
  const restTies = ties.map((tie) => tie.filter((unit) => !hubs.has(unit))).filter((tie) => tie.length > 0)
  for (const tie of restTies) for (const unit of tie) parents.set(find(unit), find(tie[0] as number))
  const parts = new Map<number, { units: number[]; ties: (readonly number[])[] }>()
  for (const unit of rest) {
    const part = parts.get(find(unit))
    if (part) part.units.push(unit)
    else parts.set(find(unit), { units: [unit], ties: [] })
  }
  for (const tie of restTies) parts.get(find(tie[0] as number))?.ties.push(tie)
  return [...parts.values()]
}
