import type { FaultNetwork, NodeId } from './network.ts'
import { simulate } from './simulate.ts'

export interface CutSetsOptions {
  /** Only sets of at most this many events are looked for. */
  readonly orderMax: number
  /** At most this many sets are kept. */
  readonly setsMax: number
  /** Events held false: they enter probabilities, never cut sets. */
  readonly exclude?: ReadonlySet<NodeId>
}

export interface CutSets {
  /** By order, then by event; events ascend within a set. */
  readonly sets: readonly (readonly NodeId[])[]
  /** True if `setsMax` was reached: every set listed is a minimal cut set, but there may be more up to `orderMax`. */
  readonly isTruncated: boolean
}

/** The minimal cut sets of the top up to `orderMax`. Exact unless truncated. A top true by itself has the empty set. */
export function findMinimalCutSets(network: FaultNetwork, top: NodeId, options: CutSetsOptions): CutSets {
  const { orderMax, setsMax, exclude } = options
  const events = [...network.idAt.subarray(0, network.eventCount)].filter((event) => !exclude?.has(event))
  const found: NodeId[][] = []
  let layer: NodeId[][] = [[]]
  for (let order = 0; order <= orderMax; order++) {
    const truth = simulate(network, { scenarios: layer, watch: [top] })
    found.push(...layer.filter((_, index) => truth.isTrue(index, 0)))
    const open = layer.filter((_, index) => !truth.isTrue(index, 0))
    layer = open.flatMap((set) => events.filter((event) => event > (set.at(-1) ?? -1)).map((event) => [...set, event]))
    layer = layer.filter((set) => !found.some((smaller) => smaller.every((event) => set.includes(event))))
  }
  return { sets: found.slice(0, setsMax), isTruncated: found.length > setsMax }
}
