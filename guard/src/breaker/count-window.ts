import type { ResultWindow } from './result-window.ts'

const failedBit = 1
const slowBit = 2

/**
 * The last `size` results, in a ring. Silence longer than `forgetAfterMs` empties it: results of an hour ago say
 * nothing about now.
 */
export class CountWindow implements ResultWindow {
  total = 0
  failed = 0
  slow = 0
  readonly #ring: Uint8Array
  readonly #forgetAfterMs: number
  #head = 0
  #lastAt = 0

  constructor(size: number, forgetAfterMs: number) {
    this.#ring = new Uint8Array(size)
    this.#forgetAfterMs = forgetAfterMs
  }

  forget(now: number): void {
    if (now - this.#lastAt >= this.#forgetAfterMs) this.clear()
  }

  add(failed: boolean, slow: boolean, now: number): void {
    const ring = this.#ring
    if (this.total === ring.length) this.#drop(ring[this.#head] as number)
    else this.total++
    ring[this.#head] = (failed ? failedBit : 0) | (slow ? slowBit : 0)
    if (failed) this.failed++
    if (slow) this.slow++
    this.#head = this.#head + 1 === ring.length ? 0 : this.#head + 1
    this.#lastAt = now
  }

  clear(): void {
    this.total = 0
    this.failed = 0
    this.slow = 0
    this.#head = 0
  }

  #drop(bits: number): void {
    if (bits & failedBit) this.failed--
    if (bits & slowBit) this.slow--
  }
}
