import { LANE_COUNT, Lanes } from './lanes.ts'
import { type FaultNetwork, type NodeId, positionOf } from './network.ts'

export interface SimulateOptions {
  /** What is made true in each scenario: events or gates. */
  readonly scenarios: readonly (readonly NodeId[])[]
  readonly watch: readonly NodeId[]
}

/** Which watched nodes came true in which scenario: a bit each. */
export interface Simulation {
  /** Both arguments are indices into the lists that were given, not node ids. */
  isTrue(scenario: number, watched: number): boolean
  /** How many scenarios make the watched node true. */
  countTrue(watched: number): number
}

/** Evaluates every scenario, 32 at a time. Throws `FaultNetworkError` on an unknown node. */
export function simulate(network: FaultNetwork, { scenarios, watch }: SimulateOptions): Simulation {
  const watched = watch.map((node) => positionOf(network, node))
  const rowLength = Math.ceil(scenarios.length / LANE_COUNT)
  const bits = new Int32Array(rowLength * watched.length)
  const lanes = new Lanes(network)
  for (let row = 0; row < rowLength; row++) {
    const batch = scenarios.slice(row * LANE_COUNT, (row + 1) * LANE_COUNT)
    batch.forEach((nodes, lane) => {
      for (const node of nodes) lanes.add(positionOf(network, node), 1 << lane)
    })
    lanes.settle()
    const used = -1 >>> (LANE_COUNT - batch.length)
    watched.forEach((position, index) => {
      bits[index * rowLength + row] = used & (network.needed[position] === 0 ? -1 : (lanes.values[position] as number))
    })
    lanes.clear()
  }
  return readBits(bits, rowLength)
}

function readBits(bits: Int32Array, rowLength: number): Simulation {
  return {
    isTrue: (scenario, watched) => {
      const word = bits[watched * rowLength + (scenario >>> 5)] ?? 0
      return ((word >>> (scenario & 31)) & 1) === 1
    },
    countTrue: (watched) => bits.subarray(watched * rowLength, (watched + 1) * rowLength).reduce(addBitCount, 0),
  }
}

function addBitCount(sum: number, word: number): number {
  let count = sum
  for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}
