import { Lanes } from './lanes.ts'
import { type FaultNetwork, type NodeId, positionOf } from './network.ts'
import { findSingles } from './singles.ts'

export interface PairsOptions {
  /** At most this many pairs are kept for each top. */
  readonly pairsMax: number
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
 */
export function findPairs(
  network: FaultNetwork,
  tops: readonly NodeId[],
  { pairsMax, exclude }: PairsOptions,
): readonly Pairs[] {
  const singles = findSingles(network, tops, exclude ? { exclude } : {}).map((events) => new Set(events))
  const events = [...network.idAt.subarray(0, network.eventCount)].filter((event) => !exclude?.has(event))
  const found = tops.map((): NodeId[] => [])
  const lanes = new Lanes(network)
  for (const a of events) {
    for (const b of events) {
      if (a >= b) continue
      lanes.add(positionOf(network, a), 1)
      lanes.add(positionOf(network, b), 1)
      lanes.settle()
      tops.forEach((top, index) => {
        const isPair = lanes.values[positionOf(network, top)] && !singles[index]?.has(a) && !singles[index]?.has(b)
        if (isPair) found[index]?.push(a, b)
      })
      lanes.clear()
    }
  }
  return found.map((pairs) => ({
    events: Int32Array.from(pairs.slice(0, 2 * pairsMax)),
    isTruncated: pairs.length > 2 * pairsMax,
  }))
}
