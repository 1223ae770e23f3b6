import { LANE_COUNT, Lanes, lowestBit } from './lanes.ts'
import type { Rows } from './layout.ts'
import type { FaultNetwork, NodeId } from './network.ts'
import { PairSet } from './pair-set.ts'
import { tryEachEvent } from './singles.ts'

/** What each event does alone, and where that can still matter. Sets of tops are rows of `topWords` integers. */
export interface Survey {
  readonly topWords: number
  /** By position: the tops the node can reach. */
  readonly reach: Int32Array
  /** By event: the tops it makes true alone. */
  readonly singleOf: Int32Array
  /** By position, for crossing gates: the tops the gate makes true alone. */
  readonly impliedBy: Int32Array
  /** By position, for inputs of crossing gates: the events that alone make it true, ascending. */
  readonly causes: Rows
}

export function surveySingles(network: FaultNetwork, tops: Int32Array, exclude?: ReadonlySet<NodeId>): Survey {
  const topWords = (tops.length + LANE_COUNT - 1) >>> 5
  const reach = findReach(network, tops, topWords)
  const singleOf = new Int32Array(network.eventCount * topWords)
  const isRecorded = findCrossingInputs(network, reach, topWords)
  const recorded = new PairSet()
  tryEachEvent(network, exclude, (lanes, events) => {
    addTops(singleOf, lanes, tops, events)
    const openLanes = findOpenLanes(lanes, tops, reach)
    for (let i = 0; i < lanes.touchedCount; i++) {
      const position = lanes.touched[i] as number
      if (isRecorded[position] === 0) continue
      for (let bits = (lanes.values[position] as number) & openLanes(position); bits !== 0; bits &= bits - 1) {
        recorded.append(position, events[lowestBit(bits)] as number)
      }
    }
  })
  const impliedBy = findImplied(network, tops, topWords)
  return { topWords, reach, singleOf, impliedBy, causes: recorded.rows(network.nodeCount) }
}

/**
 * By position: the lanes whose event is not yet single for some top that the node reaches. Only those can be half of a
 * pair; without this, every input of a fallback would record the whole platform below it.
 */
function findOpenLanes(lanes: Lanes, tops: Int32Array, reach: Int32Array): (position: number) => number {
  const topWords = (tops.length + LANE_COUNT - 1) >>> 5
  const known = new Map<number, number>()
  const openOfWord = (word: number, reached: number) => {
    let open = 0
    for (let bits = reached; bits !== 0; bits &= bits - 1) {
      open |= ~(lanes.values[tops[(word << 5) + lowestBit(bits)] as number] as number)
    }
    return open
  }
  return (position) => {
    let open = 0
    for (let word = 0; word < topWords; word++) {
      const reached = reach[position * topWords + word] as number
      const key = reached * topWords + word
      const answer = known.get(key) ?? openOfWord(word, reached)
      known.set(key, answer)
      open |= answer
    }
    return open
  }
}

/** The tops that each crossing gate makes true alone: every pair found there is a pair of those, without a trial. */
function findImplied(network: FaultNetwork, tops: Int32Array, topWords: number): Int32Array {
  const implied = new Int32Array(network.nodeCount * topWords)
  const gates = Int32Array.from(crossingGates(network))
  const lanes = new Lanes(network)
  for (let start = 0; start < gates.length; start += LANE_COUNT) {
    const batch = gates.subarray(start, start + LANE_COUNT)
    batch.forEach((gate, lane) => {
      lanes.add(gate, 1 << lane)
    })
    lanes.settle()
    addTops(implied, lanes, tops, batch)
    lanes.clear()
  }
  return implied
}

/** To the row of the node in each lane, adds the tops that are true there. */
function addTops(rows: Int32Array, lanes: Lanes, tops: Int32Array, nodes: Int32Array): void {
  const topWords = (tops.length + LANE_COUNT - 1) >>> 5
  tops.forEach((position, top) => {
    for (let bits = lanes.values[position] as number; bits !== 0; bits &= bits - 1) {
      const word = (nodes[lowestBit(bits)] as number) * topWords + (top >>> 5)
      rows[word] = (rows[word] as number) | (1 << (top & 31))
    }
  })
}

/** Backwards from the tops; inside cycles until nothing changes. */
function findReach(network: FaultNetwork, tops: Int32Array, topWords: number): Int32Array {
  const reach = new Int32Array(network.nodeCount * topWords)
  tops.forEach((position, top) => {
    const word = position * topWords + (top >>> 5)
    reach[word] = (reach[word] as number) | (1 << (top & 31))
  })
  const { inputStart, inputs, cycleOf } = network
  for (let gate = network.nodeCount - 1; gate >= network.eventCount; gate--) {
    let restart = gate
    for (let i = inputStart[gate] as number; i < (inputStart[gate + 1] as number); i++) {
      const input = inputs[i] as number
      if (addRow(reach, input * topWords, gate * topWords, topWords) && input > restart) restart = input
    }
    if (restart > gate && cycleOf[gate] !== -1) gate = restart + 1
  }
  return reach
}

function addRow(rows: Int32Array, to: number, from: number, length: number): boolean {
  let hasGrown = false
  for (let i = 0; i < length; i++) {
    const before = rows[to + i] as number
    const after = before | (rows[from + i] as number)
    rows[to + i] = after
    hasGrown ||= after !== before
  }
  return hasGrown
}

function findCrossingInputs(network: FaultNetwork, reach: Int32Array, topWords: number): Uint8Array {
  const isRecorded = new Uint8Array(network.nodeCount)
  for (const gate of crossingGates(network)) {
    const leadsToTop = reach.subarray(gate * topWords, (gate + 1) * topWords).some((word) => word !== 0)
    if (!leadsToTop) continue
    for (let i = network.inputStart[gate] as number; i < (network.inputStart[gate + 1] as number); i++) {
      isRecorded[network.inputs[i] as number] = 1
    }
  }
  return isRecorded
}

/** Gates that need more than one input: only there can two events do what neither does alone. */
export function isCrossing(network: FaultNetwork, gate: number): boolean {
  const needed = network.needed[gate] as number
  const inputCount = (network.inputStart[gate + 1] as number) - (network.inputStart[gate] as number)
  return needed > 1 && needed <= inputCount
}

function crossingGates(network: FaultNetwork): number[] {
  const gates: number[] = []
  for (let gate = network.eventCount; gate < network.nodeCount; gate++) if (isCrossing(network, gate)) gates.push(gate)
  return gates
}
