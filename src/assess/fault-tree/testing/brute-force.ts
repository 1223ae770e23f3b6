import fc from 'fast-check'
import { type FaultNetwork, type GateKind, NetworkBuilder, type NodeId } from '../index.ts'

/** A network small enough to try every state; gates may use any node, later ones too, so cycles are common. */
export interface SmallNetwork {
  readonly eventCount: number
  readonly gates: readonly { readonly kind: GateKind; readonly inputs: readonly NodeId[] }[]
}

/** Events are the nodes from 0; gates follow. */
export function buildNetwork(small: SmallNetwork): FaultNetwork {
  const builder = new NetworkBuilder()
  for (let event = 0; event < small.eventCount; event++) builder.event()
  const gates = small.gates.map(() => builder.declare())
  small.gates.forEach(({ kind, inputs }, index) => {
    builder.define(gates[index] as NodeId, kind, inputs)
  })
  return builder.build()
}

/** The least fixed point by its definition: start with nothing but what is given, apply every gate until stable. */
export function settleNaively(small: SmallNetwork, given: readonly NodeId[]): readonly boolean[] {
  const isTrue = Array.from({ length: small.eventCount + small.gates.length }, () => false)
  for (const node of given) isTrue[node] = true
  let isStable = false
  while (!isStable) {
    isStable = true
    small.gates.forEach((gate, index) => {
      if (isTrue[small.eventCount + index] || !isSatisfied(gate, isTrue)) return
      isTrue[small.eventCount + index] = true
      isStable = false
    })
  }
  return isTrue
}

function isSatisfied({ kind, inputs }: SmallNetwork['gates'][number], isTrue: readonly boolean[]): boolean {
  if (kind === 'or') return inputs.some((input) => isTrue[input])
  if (kind === 'and') return inputs.every((input) => isTrue[input])
  return inputs.filter((input) => isTrue[input]).length >= kind.atLeast
}

/** For each node, whether it is true in each of the 2^n states of the events; bit i of the state is event i. */
export function truthTables(small: SmallNetwork): readonly (readonly boolean[])[] {
  const states = Array.from({ length: 2 ** small.eventCount }, (_, state) => settleNaively(small, eventsOf(state)))
  return Array.from({ length: small.eventCount + small.gates.length }, (_, node) =>
    states.map((isTrue) => isTrue[node] as boolean),
  )
}

function eventsOf(state: number): NodeId[] {
  const events: NodeId[] = []
  for (let event = 0; 1 << event <= state; event++) if ((state >> event) & 1) events.push(event)
  return events
}

/** The true states that no smaller true state is part of, without the excluded events, as sets of events. */
export function minimalSets(table: readonly boolean[], exclude: ReadonlySet<NodeId> = new Set()): NodeId[][] {
  const forbidden = [...exclude].reduce((mask, event) => mask | (1 << event), 0)
  const states = table.flatMap((isTrue, state) => (isTrue && (state & forbidden) === 0 ? [state] : []))
  const minimal = states.filter((state) => eventsOf(state).every((event) => !table[state & ~(1 << event)]))
  return minimal.map(eventsOf).sort(compareSets)
}

/** The multilinear polynomial of the table, summed over its true states. */
export function tableProbability(table: readonly boolean[], p: Float64Array): number {
  let sum = 0
  table.forEach((isTrue, state) => {
    if (!isTrue) return
    let product = 1
    for (let event = 0; 1 << event < table.length; event++) {
      product *= (state >> event) & 1 ? (p[event] ?? 0) : 1 - (p[event] ?? 0)
    }
    sum += product
  })
  return sum
}

export function compareSets(a: readonly NodeId[], b: readonly NodeId[]): number {
  if (a.length !== b.length) return a.length - b.length
  const index = a.findIndex((event, i) => event !== b[i])
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}

/** Up to 10 events, the gates in any order and of any kind, tops among them. */
export function arbitraryNetwork(eventCountMax: number): fc.Arbitrary<SmallNetwork> {
  return fc
    .record({ eventCount: fc.integer({ min: 1, max: eventCountMax }), gateCount: fc.integer({ min: 1, max: 9 }) })
    .chain(({ eventCount, gateCount }) => {
      const inputs = fc.array(fc.nat(eventCount + gateCount - 1), { maxLength: 5 })
      const kind = fc.oneof(
        { arbitrary: fc.constantFrom<GateKind>('or', 'and'), weight: 3 },
        { arbitrary: fc.record({ atLeast: fc.integer({ min: 0, max: 3 }) }), weight: 1 },
      )
      const gates = fc.array(fc.record({ kind, inputs }), { minLength: gateCount, maxLength: gateCount })
      return gates.map((defined) => ({ eventCount, gates: defined }))
    })
}

/**
 * The shape that is taken apart: a top that fails when any of many small gates does, each over a few instances that
 * share few events. The top is the last node.
 */
export function arbitraryPlatform(): fc.Arbitrary<SmallNetwork> {
  const eventCount = 10
  const instance = fc.uniqueArray(fc.nat(eventCount - 1), { minLength: 1, maxLength: 2 })
  const component = fc.record({ instances: fc.array(instance, { minLength: 2, maxLength: 3 }), isQuorum: fc.boolean() })
  return fc.array(component, { minLength: 8, maxLength: 14 }).map((components) => {
    const gates: { kind: GateKind; inputs: NodeId[] }[] = []
    const add = (kind: GateKind, inputs: NodeId[]) => eventCount + gates.push({ kind, inputs }) - 1
    const down = components.map(({ instances, isQuorum }) => {
      const instancesDown = instances.map((events) => add('or', events))
      return add(isQuorum ? { atLeast: 2 } : 'and', instancesDown)
    })
    add('or', down)
    return { eventCount, gates }
  })
}

/** Probabilities for every event of the network, 0 for its gates. */
export function arbitraryProbabilities(small: SmallNetwork): fc.Arbitrary<Float64Array> {
  const { eventCount, gates } = small
  return fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: eventCount, maxLength: eventCount })
    .map((values) => Float64Array.from({ length: eventCount + gates.length }, (_, i) => (values[i] ?? 0) / 1000))
}
