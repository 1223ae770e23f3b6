/** Durations, each counted in a bucket 2 % wide: small however many there are, and off by 1 % at most. */
export class Histogram {
  readonly #counts = new Map<number, number>()
  #total = 0

  add(durationMs: number): void {
    const bucket = Math.round(Math.log(Math.max(durationMs, 1)) / STEP)
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1)
    this.#total += 1
  }

  merge(other: Histogram): void {
    for (const [bucket, count] of other.#counts) this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count)
    this.#total += other.#total
  }

  /** The duration that `share` of all do not exceed; null when there is none. */
  percentileMs(share: number): number | null {
    let left = Math.ceil(share * this.#total)
    for (const [bucket, count] of [...this.#counts].sort(([one], [other]) => one - other)) {
      left -= count
      if (left <= 0) return Math.round(Math.exp(bucket * STEP))
    }
    return null
  }
}

const STEP = Math.log(1.02)
