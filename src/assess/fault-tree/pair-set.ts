import { type Rows, transpose } from './layout.ts'

/** Pairs of small integers in the order they came: a compact list, and a set for those who use `add` and `has`. */
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

  /** Appends the pair unless it is there; says whether it did. */
  add(first: number, second: number): boolean {
    if (2 * (this.count + 1) > this.#slots.length) this.#rehash()
    const slot = this.#find(first, second)
    if (this.#slots[slot] !== 0) return false
    this.append(first, second)
    this.#slots[slot] = this.count
    return true
  }

  has(first: number, second: number): boolean {
    return this.#slots.length > 0 && this.#slots[this.#find(first, second)] !== 0
  }

  /** The seconds by first. */
  rows(firstCount: number): Rows {
    const byIndex = transpose(
      { start: Int32Array.from({ length: this.count + 1 }, (_, i) => i), values: this.firsts.subarray(0, this.count) },
      firstCount,
    )
    return { start: byIndex.start, values: byIndex.values.map((index) => this.seconds[index] as number) }
  }

  /** Both of every pair after translation, the lower first, the pairs ascending. */
  sortedEvents(idAt: Int32Array): Int32Array {
    const keys = new Float64Array(this.count)
    const stride = idAt.length
    for (let i = 0; i < this.count; i++) {
      const a = idAt[this.firsts[i] as number] as number
      const b = idAt[this.seconds[i] as number] as number
      keys[i] = Math.min(a, b) * stride + Math.max(a, b)
    }
    keys.sort()
    const events = new Int32Array(2 * this.count)
    keys.forEach((key, i) => {
      events[2 * i] = Math.floor(key / stride)
      events[2 * i + 1] = key % stride
    })
    return events
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

export function hashPair(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

function grow(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length)
  larger.set(values)
  return larger
}
