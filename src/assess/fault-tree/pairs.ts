import { LANE_COUNT, Lanes, lowestBit } from './lanes.ts'
import type { Rows } from './layout.ts'
import { type FaultNetwork, type NodeId, positionOf } from './network.ts'
import { PairSet } from './pair-set.ts'
import { tryEachEvent } from './singles.ts'

export interface PairsOptions {
  /** At most this many pairs are kept for each top. */
  readonly pairsMax: number
  /** At most this many candidates are tried, for all tops together; 20 times `pairsMax` by default. */
  readonly candidatesMax?: number
  /** Events held false: they enter probabilities, never cut sets. */
  readonly exclude?: ReadonlySet<NodeId>
}

/** The minimal cut sets of order 2 of one top. */
export interface Pairs {
  /** Two events after another, the lower id first; the pairs ascend. Its length is twice the number of pairs. */
  readonly events: Int32Array
  /** True if a limit was reached: every pair listed is a minimal cut set, but there may be more. */
  readonly isTruncated: boolean
}

/**
 * For each top, all pairs of events that make it true together but not alone. Exact unless truncated.
 * Throws `FaultNetworkError` on an unknown top.
 *
 * Why the candidates are complete: follow a pair {a, b} from the events upwards in the order in which gates come true.
 * The first gate that is true with both and with neither alone has enough inputs each of which a or b makes true
 * alone; so it is no OR, and the pair lies in the product of what its inputs' singles hit.
 */
export function findPairs(
  network: FaultNetwork,
  tops: readonly NodeId[],
  { pairsMax, candidatesMax = 20 * pairsMax, exclude }: PairsOptions,
): readonly Pairs[] {
  const positions = Int32Array.from(tops, (top) => positionOf(network, top))
  const survey = surveySingles(network, positions, exclude)
  const trial = new PairTrial(network, positions, survey, { pairsMax, candidatesMax })
  for (let gate = network.eventCount; gate < network.nodeCount && !trial.isOver; gate++) {
    if (isCrossing(network, gate)) crossInputs(network, gate, survey, trial)
  }
  return trial.finish()
}

/** Gates that need more than one input: only there can two events do what neither does alone. */
function isCrossing(network: FaultNetwork, gate: number): boolean {
  const needed = network.needed[gate] as number
  const inputCount = (network.inputStart[gate + 1] as number) - (network.inputStart[gate] as number)
  return needed > 1 && needed <= inputCount
}

/** What each event does alone, and where that can still matter. Sets of tops are rows of `topWords` integers. */
interface Survey {
  readonly topWords: number
  /** By position: the tops the node can reach. */
  readonly reach: Int32Array
  /** By event: the tops it makes true alone. */
  readonly singleOf: Int32Array
  /** By position, for inputs of crossing gates: the events that alone make it true, ascending. */
  readonly causes: Rows
}

function surveySingles(network: FaultNetwork, tops: Int32Array, exclude?: ReadonlySet<NodeId>): Survey {
  const topWords = (tops.length + LANE_COUNT - 1) >>> 5
  const reach = findReach(network, tops, topWords)
  const singleOf = new Int32Array(network.eventCount * topWords)
  const isRecorded = findCrossingInputs(network, reach, topWords)
  const recorded = new PairSet()
  tryEachEvent(network, exclude, (lanes, events) => {
    tops.forEach((position, top) => {
      for (let bits = lanes.values[position] as number; bits !== 0; bits &= bits - 1) {
        const word = (events[lowestBit(bits)] as number) * topWords + (top >>> 5)
        singleOf[word] = (singleOf[word] as number) | (1 << (top & 31))
      }
    })
    for (let i = 0; i < lanes.touchedCount; i++) {
      const position = lanes.touched[i] as number
      if (isRecorded[position] === 0) continue
      for (let bits = lanes.values[position] as number; bits !== 0; bits &= bits - 1) {
        recorded.append(position, events[lowestBit(bits)] as number)
      }
    }
  })
  return { topWords, reach, singleOf, causes: recorded.rows(network.nodeCount) }
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
  for (let gate = network.eventCount; gate < network.nodeCount; gate++) {
    const leadsToTop = reach.subarray(gate * topWords, (gate + 1) * topWords).some((word) => word !== 0)
    if (!leadsToTop || !isCrossing(network, gate)) continue
    for (let i = network.inputStart[gate] as number; i < (network.inputStart[gate + 1] as number); i++) {
      isRecorded[network.inputs[i] as number] = 1
    }
  }
  return isRecorded
}

/** Tries every two events that together make enough inputs of the gate true, and neither does so alone. */
function crossInputs(network: FaultNetwork, gate: number, survey: Survey, trial: PairTrial): void {
  const needed = network.needed[gate] as number
  const hits = collectHits(network, gate, survey)
  const ordered = [...hits].filter(([, { count }]) => count < needed).sort((a, b) => b[1].count - a[1].count)
  for (let i = 0; i < ordered.length && !trial.isOver; i++) {
    const [a, hitByA] = ordered[i] as [number, Hits]
    for (let j = i + 1; j < ordered.length; j++) {
      const [b, hitByB] = ordered[j] as [number, Hits]
      if (hitByA.count + hitByB.count < needed) break
      if (countUnion(hitByA.inputs, hitByB.inputs) >= needed) trial.offer(a, b, gate)
    }
  }
}

/** The inputs an event makes true alone: a bit each, 32 to a word. */
interface Hits {
  count: number
  readonly inputs: number[]
}

/** Leaves out events that can add nothing: already single for every top the gate reaches. */
function collectHits(network: FaultNetwork, gate: number, survey: Survey): Map<number, Hits> {
  const { causes, topWords, reach, singleOf } = survey
  const hits = new Map<number, Hits>()
  const start = network.inputStart[gate] as number
  for (let i = start; i < (network.inputStart[gate + 1] as number); i++) {
    const word = (i - start) >>> 5
    const input = network.inputs[i] as number
    for (let at = causes.start[input] as number; at < (causes.start[input + 1] as number); at++) {
      const event = causes.values[at] as number
      let hit = hits.get(event)
      if (!hit) {
        if (!leavesTop(reach, gate * topWords, singleOf, event * topWords, topWords)) continue
        hit = { count: 0, inputs: [] }
        hits.set(event, hit)
      }
      hit.count++
      hit.inputs[word] = (hit.inputs[word] ?? 0) | (1 << ((i - start) & 31))
    }
  }
  return hits
}

function leavesTop(reach: Int32Array, at: number, singleOf: Int32Array, from: number, length: number): boolean {
  for (let i = 0; i < length; i++) if ((reach[at + i] as number) & ~(singleOf[from + i] as number)) return true
  return false
}

function countUnion(a: readonly number[], b: readonly number[]): number {
  let count = 0
  for (let word = 0; word < Math.max(a.length, b.length); word++) {
    for (let bits = (a[word] ?? 0) | (b[word] ?? 0); bits !== 0; bits &= bits - 1) count++
  }
  return count
}

/** Candidates on their way to becoming pairs: each is settled once, 32 at a time, for every top. */
class PairTrial {
  isOver = false
  readonly #network: FaultNetwork
  readonly #tops: Int32Array
  readonly #survey: Survey
  readonly #limits: { readonly pairsMax: number; readonly candidatesMax: number }
  readonly #lanes: Lanes
  readonly #tried = new PairSet()
  readonly #found: readonly PairSet[]
  readonly #isFull: Uint8Array
  #settled = 0

  constructor(
    network: FaultNetwork,
    tops: Int32Array,
    survey: Survey,
    limits: { readonly pairsMax: number; readonly candidatesMax: number },
  ) {
    this.#network = network
    this.#tops = tops
    this.#survey = survey
    this.#limits = limits
    this.#lanes = new Lanes(network)
    this.#found = Array.from(tops, () => new PairSet())
    this.#isFull = new Uint8Array(tops.length)
  }

  offer(a: number, b: number, gate: number): void {
    if (this.isOver || !this.#isOpen(a, b, gate)) return
    if (this.#tried.count >= this.#limits.candidatesMax) {
      if (this.#tried.has(Math.min(a, b), Math.max(a, b))) return
      this.isOver = true
      this.#isFull.fill(1)
      return
    }
    if (this.#tried.add(Math.min(a, b), Math.max(a, b)) && this.#tried.count - this.#settled === LANE_COUNT) {
      this.#settle()
    }
  }

  finish(): readonly Pairs[] {
    this.#settle()
    return this.#found.map((pairs, top) => ({
      events: pairs.sortedEvents(this.#network.idAt),
      isTruncated: this.#isFull[top] === 1,
    }))
  }

  /** Whether the gate reaches a top, not yet full, for which neither event is single. */
  #isOpen(a: number, b: number, gate: number): boolean {
    const { reach, singleOf, topWords } = this.#survey
    for (let word = 0; word < topWords; word++) {
      const singles = (singleOf[a * topWords + word] as number) | (singleOf[b * topWords + word] as number)
      if ((reach[gate * topWords + word] as number) & ~singles) return true
    }
    return false
  }

  #settle(): void {
    const first = this.#settled
    const { firsts, seconds, count } = this.#tried
    for (let i = first; i < count; i++) {
      this.#lanes.add(firsts[i] as number, 1 << (i - first))
      this.#lanes.add(seconds[i] as number, 1 << (i - first))
    }
    this.#lanes.settle()
    this.#tops.forEach((position, top) => {
      this.#keep(top, first, this.#lanes.values[position] as number)
    })
    this.#lanes.clear()
    this.#settled = count
  }

  #keep(top: number, first: number, lanes: number): void {
    const { singleOf, topWords } = this.#survey
    const found = this.#found[top] as PairSet
    for (let bits = lanes; bits !== 0; bits &= bits - 1) {
      const a = this.#tried.firsts[first + lowestBit(bits)] as number
      const b = this.#tried.seconds[first + lowestBit(bits)] as number
      const singles =
        (singleOf[a * topWords + (top >>> 5)] as number) | (singleOf[b * topWords + (top >>> 5)] as number)
      if ((singles >>> (top & 31)) & 1) continue
      if (found.count < this.#limits.pairsMax) found.append(a, b)
      else this.#isFull[top] = 1
    }
    this.isOver ||= this.#isFull.every((isFull) => isFull === 1)
  }
}
