import { type Rows, transpose } from './layout.ts'

/** Pairs of small integers in the order they came: a compact list, and searchable for those who use `add`. */
export class PairSet {
  firsts = new Int32Array(64)
  seconds = new Int32Array(64)
  count = 0
  /** Open addressing: index of the pair + 1, or 0. Made on first use. */
  #slots = new Int32Array(0)

  append(first: number, second: number): void {
    if (this.count === this.firsts.length) {
      this.firsts = grow(this.firsts)
      this.seconds = grow(this.seconds)
    }
    this.firsts[this.count] = first
    this.seconds[this.count++] = second
  }

  /** Appends a pair that is not there yet, to be found by `indexOf`. */
  add(first: number, second: number): void {
    if (2 * (this.count + 1) > this.#slots.length) this.#rehash()
    const slot = this.#find(first, second)
    this.append(first, second)
    this.#slots[slot] = this.count
  }

  /** Where an added pair is, or -1. */
  indexOf(first: number, second: number): number {
    return this.#slots.length === 0 ? -1 : (this.#slots[this.#find(first, second)] as number) - 1
  }

  /** The seconds by first. */
  rows(firstCount: number): Rows {
    const byIndex = transpose(
      { start: Int32Array.from({ length: this.count + 1 }, (_, i) => i), values: this.firsts.subarray(0, this.count) },
      firstCount,
    )
    return { start: byIndex.start, values: byIndex.values.map((index) => this.seconds[index] as number) }
  }

  #find(first: number, second: number): number {
    const mask = this.#slots.length - 1
    let slot = hashPair(first, second) & mask
    for (;;) {
      const entry = this.#slots[slot] as number
      if (entry === 0 || (this.firsts[entry - 1] === first && this.seconds[entry - 1] === second)) return slot
      slot = (slot + 1) & mask
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(Math.max(256, 2 * this.#slots.length))
    for (let i = 0; i < this.count; i++) {
      this.#slots[this.#find(this.firsts[i] as number, this.seconds[i] as number)] = i + 1
    }
  }
}

function hashPair(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

function grow(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length)
  larger.set(values)
  return larger
}
