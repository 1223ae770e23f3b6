import type { FaultNetwork } from './network.ts'

/** How many scenarios one pass evaluates: the bits of a 32-bit integer. */
export const LANE_COUNT = 32

/** Rows of bits, one per top: the tops each position can reach, and the ones wanted. */
export interface Aim {
  readonly reach: Int32Array
  readonly wanted: Int32Array
}

/**
 * Evaluates 32 scenarios at once, one per bit. Event-driven: only gates reachable from something true are visited, in
 * ascending position, so inputs come before the gates they feed; inside a cycle a gate is visited again until nothing
 * changes. Values only ever grow, hence the result is the least fixed point.
 */
export class Lanes {
  /** By position: the scenarios in which the node is true. Valid after `settle`. */
  readonly values: Int32Array
  /** The positions that are true somewhere are `touched[0 .. touchedCount]`. */
  readonly touched: Int32Array
  touchedCount = 0
  readonly #network: FaultNetwork
  readonly #sent: Int32Array
  readonly #pending: Int32Array
  readonly #pendingWords: Int32Array
  #firstWord: number
  readonly #planes = new Int32Array(32)

  constructor(network: FaultNetwork) {
    const words = (network.nodeCount >>> 5) + 1
    this.#network = network
    this.values = new Int32Array(network.nodeCount)
    this.touched = new Int32Array(network.nodeCount)
    this.#sent = new Int32Array(network.nodeCount)
    this.#pending = new Int32Array(words)
    this.#pendingWords = new Int32Array((words >>> 5) + 1)
    this.#firstWord = this.#pendingWords.length
  }

  /** Makes a node true in the given lanes, whatever its inputs. */
  add(position: number, lanes: number): void {
    const before = this.values[position] as number
    if ((before | lanes) === before) return
    if (before === 0) this.touched[this.touchedCount++] = position
    this.values[position] = before | lanes
    this.#schedule(position)
  }

  /** Follows every consequence; with `aim`, only those that lead to a wanted top (other values are then partial). */
  settle(aim?: Aim): void {
    const { needed, inputStart, outputStart, outputs } = this.#network
    const { values } = this
    const sent = this.#sent
    for (let position = this.#takeFirst(); position >= 0; position = this.#takeFirst()) {
      const threshold = needed[position] as number
      const hasManyNeeds = threshold > 1 && inputStart[position] !== inputStart[position + 1]
      if (hasManyNeeds) this.#addQuietly(position, this.#evaluate(position, threshold))
      const value = values[position] as number
      if (value === sent[position]) continue
      sent[position] = value
      for (let i = outputStart[position] as number; i < (outputStart[position + 1] as number); i++) {
        const gate = outputs[i] as number
        if (aim && !isAimedAt(aim, gate)) continue
        if (needed[gate] === 1) this.add(gate, value)
        else if ((values[gate] as number) !== -1) this.#schedule(gate)
      }
    }
  }

  /** Back to nothing true. Costs as much as was touched. */
  clear(): void {
    for (let i = 0; i < this.touchedCount; i++) {
      const position = this.touched[i] as number
      this.values[position] = 0
      this.#sent[position] = 0
    }
    this.touchedCount = 0
  }

  #addQuietly(position: number, lanes: number): void {
    const before = this.values[position] as number
    if ((before | lanes) === before) return
    if (before === 0) this.touched[this.touchedCount++] = position
    this.values[position] = before | lanes
  }

  /** The lanes in which enough inputs are true. Counts in bit planes: plane j holds bit j of each lane's count. */
  #evaluate(position: number, threshold: number): number {
    const { inputStart, inputs } = this.#network
    const { values } = this
    const start = inputStart[position] as number
    const end = inputStart[position + 1] as number
    if (threshold >= end - start) {
      if (threshold > end - start) return 0
      let all = -1
      for (let i = start; i < end && all !== 0; i++) all &= values[inputs[i] as number] as number
      return all
    }
    const planes = this.#planes
    const planeCount = 32 - Math.clz32(end - start)
    planes.fill(0, 0, planeCount)
    for (let i = start; i < end; i++) {
      let carry = values[inputs[i] as number] as number
      for (let plane = 0; carry !== 0; plane++) {
        const bits = planes[plane] as number
        planes[plane] = bits ^ carry
        carry &= bits
      }
    }
    return lanesAtLeast(planes, planeCount, threshold)
  }

  #schedule(position: number): void {
    const word = position >>> 5
    this.#pending[word] = (this.#pending[word] as number) | (1 << (position & 31))
    const summary = word >>> 5
    this.#pendingWords[summary] = (this.#pendingWords[summary] as number) | (1 << (word & 31))
    if (summary < this.#firstWord) this.#firstWord = summary
  }

  /** The lowest scheduled position, no longer scheduled; -1 when there is none. */
  #takeFirst(): number {
    const pendingWords = this.#pendingWords
    let summary = this.#firstWord
    while (summary < pendingWords.length && pendingWords[summary] === 0) summary++
    this.#firstWord = summary
    if (summary === pendingWords.length) return -1
    const summaryBits = pendingWords[summary] as number
    const word = (summary << 5) + lowestBit(summaryBits)
    const bits = this.#pending[word] as number
    const rest = bits & (bits - 1)
    this.#pending[word] = rest
    if (rest === 0) pendingWords[summary] = summaryBits & (summaryBits - 1)
    return (word << 5) + lowestBit(bits)
  }
}

function isAimedAt({ reach, wanted }: Aim, position: number): boolean {
  for (let word = 0; word < wanted.length; word++) {
    if (((reach[position * wanted.length + word] as number) & (wanted[word] as number)) !== 0) return true
  }
  return false
}

/** The index of the lowest bit set. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

/** The lanes whose count, held in bit planes, reaches the threshold: an unsigned comparison, highest bit first. */
function lanesAtLeast(planes: Int32Array, planeCount: number, threshold: number): number {
  let above = 0
  let equal = -1
  for (let plane = planeCount - 1; plane >= 0; plane--) {
    const bits = planes[plane] as number
    if (threshold & (1 << plane)) equal &= bits
    else {
      above |= equal & bits
      equal &= ~bits
    }
  }
  return above | equal
}
