import { LANE_COUNT, Lanes, lowestBit } from './lanes.ts'
import { type FaultNetwork, type NodeId, positionOf } from './network.ts'
import { PairCandidates } from './pair-candidates.ts'
import { keepTowards } from './relevant.ts'
import { isCrossing, type Survey, surveySingles } from './survey.ts'

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
  wholeNetwork: FaultNetwork,
  tops: readonly NodeId[],
  { pairsMax, candidatesMax = 20 * pairsMax, exclude }: PairsOptions,
): readonly Pairs[] {
  const positions = Int32Array.from(tops, (top) => positionOf(wholeNetwork, top))
  const network = keepTowards(wholeNetwork, positions)
  const survey = surveySingles(network, positions, exclude)
  const candidates = new PairCandidates(survey, { topCount: tops.length, pairsMax, candidatesMax })
  for (let gate = network.eventCount; gate < network.nodeCount && !candidates.isClosed; gate++) {
    if (isCrossing(network, gate)) crossInputs(network, gate, survey, candidates)
  }
  settleDoubts(network, positions, survey.reach, candidates)
  return tops.map((_, top) => candidates.pairsOf(top, network.idAt))
}

/** Tries every two events that together make enough inputs of the gate true, and neither does so alone. */
function crossInputs(network: FaultNetwork, gate: number, survey: Survey, candidates: PairCandidates): void {
  const needed = network.needed[gate] as number
  const hits = collectHits(network, gate, survey)
  const ordered = [...hits].filter(([, { count }]) => count < needed).sort((a, b) => b[1].count - a[1].count)
  for (let i = 0; i < ordered.length && !candidates.isClosed; i++) {
    const [a, hitByA] = ordered[i] as [number, Hits]
    for (let j = i + 1; j < ordered.length; j++) {
      const [b, hitByB] = ordered[j] as [number, Hits]
      if (hitByA.count + hitByB.count < needed) break
      if (countUnion(hitByA.inputs, hitByB.inputs) >= needed) candidates.offer(a, b, gate)
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

/** Settles the candidates whose gate does not by itself imply a top, 32 at a time. */
function settleDoubts(network: FaultNetwork, tops: Int32Array, reach: Int32Array, candidates: PairCandidates): void {
  const doubts = candidates.listDoubts()
  const lanes = new Lanes(network)
  for (let start = 0; start < doubts.length; start += LANE_COUNT) {
    const batch = doubts.subarray(start, start + LANE_COUNT)
    batch.forEach((index, lane) => {
      for (const event of candidates.eventsAt(index)) lanes.add(event, 1 << lane)
    })
    lanes.settle({ reach, wanted: candidates.doubtedTops(batch) })
    tops.forEach((position, top) => {
      for (let bits = lanes.values[position] as number; bits !== 0; bits &= bits - 1) {
        candidates.prove(batch[lowestBit(bits)] as number, top)
      }
    })
    lanes.clear()
  }
}
