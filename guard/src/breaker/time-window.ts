import type { ResultWindow } from './result-window.ts'

/** The window covers between nine tenths and all of its length: the oldest tenth leaves as a whole. */
const bucketCount = 10

/** The results of the last `ms` milliseconds, in ten buckets. Idle time empties it bucket by bucket. */
export class TimeWindow implements ResultWindow {
  total = 0
  failed = 0
  slow = 0
  readonly #bucketMs: number
  readonly #totals = new Uint32Array(bucketCount)
  readonly #failures = new Uint32Array(bucketCount)
  readonly #slows = new Uint32Array(bucketCount)
  #bucket = 0
  /** Buckets since the clock's origin, and when the current one ends: before that nothing can be too old. */
  #epoch = 0
  #endsAt = 0

  constructor(ms: number) {
    this.#bucketMs = ms / bucketCount
  }

  forget(now: number): void {
    if (now >= this.#endsAt) this.#advance(now)
  }

  add(failed: boolean, slow: boolean): void {
    const bucket = this.#bucket
    increment(this.#totals, bucket)
    this.total++
    if (failed) {
      increment(this.#failures, bucket)
      this.failed++
    }
    if (slow) {
      increment(this.#slows, bucket)
      this.slow++
    }
  }

  clear(): void {
    this.#totals.fill(0)
    this.#failures.fill(0)
    this.#slows.fill(0)
    this.total = 0
    this.failed = 0
    this.slow = 0
  }

  #advance(now: number): void {
    const epoch = Math.floor(now / this.#bucketMs)
    const passed = Math.min(bucketCount, epoch - this.#epoch)
    for (let step = 0; step < passed; step++) this.#startBucket()
    this.#epoch = epoch
    this.#endsAt = (epoch + 1) * this.#bucketMs
  }

  #startBucket(): void {
    const bucket = this.#bucket + 1 === bucketCount ? 0 : this.#bucket + 1
    this.total -= take(this.#totals, bucket)
    this.failed -= take(this.#failures, bucket)
    this.slow -= take(this.#slows, bucket)
    this.#bucket = bucket
  }
}

function increment(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] as number) + 1
}

function take(counts: Uint32Array, index: number): number {
  const count = counts[index] as number
  counts[index] = 0
  return count
}
