import { LANE_COUNT, Lanes, lowestBit } from './lanes.ts'
import { type FaultNetwork, type NodeId, positionOf } from './network.ts'
import { keepTowards } from './relevant.ts'

export interface SinglesOptions {
  /** Events held false: they enter probabilities, never cut sets. */
  readonly exclude?: ReadonlySet<NodeId>
}

/**
 * For each top, the events that alone make it true: its minimal cut sets of order 1, ascending. Exact. A top that is
 * true by itself has none. Throws `FaultNetworkError` on an unknown top.
 */
export function findSingles(
  network: FaultNetwork,
  tops: readonly NodeId[],
  { exclude }: SinglesOptions = {},
): readonly Int32Array[] {
  const positions = Int32Array.from(tops, (top) => positionOf(network, top))
  const found = tops.map((): NodeId[] => [])
  tryEachEvent(keepTowards(network, positions), exclude, (lanes, events) => {
    positions.forEach((position, top) => {
      for (let bits = lanes.values[position] as number; bits !== 0; bits &= bits - 1) {
        found[top]?.push(network.idAt[events[lowestBit(bits)] as number] as number)
      }
    })
  })
  return found.map((events) => Int32Array.from(events).sort())
}

/** Settles every event alone, 32 at a time; `events[lane]` is the event that is true in the lane. */
export function tryEachEvent(
  network: FaultNetwork,
  exclude: ReadonlySet<NodeId> | undefined,
  visit: (lanes: Lanes, events: Int32Array) => void,
): void {
  const lanes = new Lanes(network)
  const events = Int32Array.from({ length: network.eventCount }, (_, event) => event)
  const tried = exclude?.size ? events.filter((event) => !exclude.has(network.idAt[event] as number)) : events
  for (let start = 0; start < tried.length; start += LANE_COUNT) {
    const batch = tried.subarray(start, start + LANE_COUNT)
    batch.forEach((event, lane) => {
      lanes.add(event, 1 << lane)
    })
    lanes.settle()
    visit(lanes, batch)
    lanes.clear()
  }
}
