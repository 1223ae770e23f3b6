import { type FaultNetwork, type NodeId, positionOf } from './network.ts'
import { keepMinimal, productOf, type SetFamily } from './set-family.ts'
import { simulate } from './simulate.ts'
import { extractFormula } from './solve/formula.ts'

/** How many times `setsMax` a single gate may hold on the way; beyond it the largest sets are dropped. */
const SETS_PER_GATE = 4

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

/**
 * The minimal cut sets of the top up to `orderMax`. Exact unless truncated. A top true by itself has the empty set.
 * Throws `FaultNetworkError` on an unknown top.
 */
export function findMinimalCutSets(network: FaultNetwork, top: NodeId, options: CutSetsOptions): CutSets {
  const { orderMax, setsMax, exclude } = options
  if (network.needed[positionOf(network, top)] === 0) return { sets: [[]], isTruncated: false }
  if (orderMax < 1) return { sets: [], isTruncated: false }
  const { loose, rest, eventAt } = extractFormula(network, positionOf(network, top))
  const search = rest ? new FamilySearch(rest, { ...options, eventAt }) : null
  const singles = loose.filter((event) => !exclude?.has(event)).map((event) => [event])
  const found = [...keepMinimal([...singles, ...(search ? search.run() : [])])].sort(compareSets)
  const hasDropped = search?.hasDropped ?? false
  const minimal = hasDropped ? found.filter((set) => isMinimal(network, top, set)) : found
  return { sets: minimal.slice(0, setsMax), isTruncated: hasDropped || minimal.length > setsMax }
}

/** From the events upwards, the minimal sets of every gate; inside a cycle again until nothing changes. */
class FamilySearch {
  hasDropped = false
  readonly #network: FaultNetwork
  readonly #options: CutSetsOptions & { readonly eventAt: Int32Array }
  readonly #families: SetFamily[]

  constructor(network: FaultNetwork, options: CutSetsOptions & { readonly eventAt: Int32Array }) {
    this.#network = network
    this.#options = options
    this.#families = Array.from({ length: network.nodeCount }, (_, position) => {
      const event = options.eventAt[position]
      return event === undefined || options.exclude?.has(event) ? [] : [[event]]
    })
  }

  run(): SetFamily {
    const { nodeCount, eventCount, cycleOf } = this.#network
    for (let gate = eventCount; gate < nodeCount; gate++) {
      if (cycleOf[gate] === -1) {
        this.#families[gate] = this.#collect(gate)
        continue
      }
      let end = gate
      while (cycleOf[end] === cycleOf[gate]) end++
      this.#closeCycle(gate, end)
      gate = end - 1
    }
    return this.#families[nodeCount - 1] as SetFamily
  }

  /** In any state at least one more gate comes true in each round, so there are no more rounds than gates. */
  #closeCycle(start: number, end: number): void {
    let isStable = false
    for (let round = 0; round <= end - start && !isStable; round++) {
      isStable = true
      for (let gate = start; gate < end; gate++) {
        const family = this.#collect(gate)
        isStable &&= isSameFamily(family, this.#families[gate] as SetFamily)
        this.#families[gate] = family
      }
    }
  }

  #collect(gate: number): SetFamily {
    const { needed, inputStart, inputs } = this.#network
    const families = Array.from(
      inputs.subarray(inputStart[gate], inputStart[gate + 1]),
      (input) => this.#families[input] as SetFamily,
    )
    const threshold = needed[gate] as number
    if (threshold === 1) return this.#limit(keepMinimal(families.flat()))
    if (threshold === families.length) return families.reduce((product, family) => this.#product(product, family))
    // reached[k]: at least k of the inputs seen so far.
    const reached: SetFamily[] = [[[]], ...Array.from({ length: threshold }, () => [])]
    for (const family of families) {
      for (let k = threshold; k > 0; k--) {
        const more = this.#product(reached[k - 1] as SetFamily, family)
        reached[k] = this.#limit(keepMinimal([...(reached[k] as SetFamily), ...more]))
      }
    }
    return reached[threshold] as SetFamily
  }

  #product(a: SetFamily, b: SetFamily): SetFamily {
    const limits = { orderMax: this.#options.orderMax, setsMax: SETS_PER_GATE * this.#options.setsMax }
    const { family, isTruncated } = productOf(a, b, limits)
    this.hasDropped ||= isTruncated
    return family
  }

  #limit(family: SetFamily): SetFamily {
    const setsMax = SETS_PER_GATE * this.#options.setsMax
    if (family.length <= setsMax) return family
    this.hasDropped = true
    return family.slice(0, setsMax)
  }
}

/** Whether the set makes the top true and does not without any one of its events. */
function isMinimal(network: FaultNetwork, top: NodeId, set: readonly NodeId[]): boolean {
  const scenarios = [set, ...set.map((left) => set.filter((event) => event !== left))]
  const truth = simulate(network, { scenarios, watch: [top] })
  return truth.isTrue(0, 0) && truth.countTrue(0) === 1
}

function isSameFamily(a: SetFamily, b: SetFamily): boolean {
  return a.length === b.length && a.every((set, i) => compareSets(set, b[i] as readonly NodeId[]) === 0)
}

function compareSets(a: readonly NodeId[], b: readonly NodeId[]): number {
  if (a.length !== b.length) return a.length - b.length
  const index = a.findIndex((event, i) => event !== b[i])
  return index < 0 ? 0 : (a[index] as NodeId) - (b[index] as NodeId)
}
