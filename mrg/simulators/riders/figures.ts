import type { BookingResult } from './booking.ts'
import { Histogram } from './histogram.ts'

const WINDOW_S = 10

export type BookingOutcome = BookingResult['outcome'] | 'shed'

/** What became of bookings, and how long those took that succeeded. */
class Tally {
  #all = 0
  #acknowledged = 0
  readonly #latencies = new Histogram()

  add(outcome: BookingOutcome, latencyMs: number): void {
    this.#all += 1
    if (outcome !== 'acknowledged') return
    this.#acknowledged += 1
    this.#latencies.add(latencyMs)
  }

  merge(other: Tally): void {
    this.#all += other.#all
    this.#acknowledged += other.#acknowledged
    this.#latencies.merge(other.#latencies)
  }

  describe() {
    return {
      bookings: this.#all,
      /** Null: there was none, so nobody knows. */
      successShare: this.#all === 0 ? null : this.#acknowledged / this.#all,
      p50Ms: this.#latencies.percentileMs(0.5),
      p95Ms: this.#latencies.percentileMs(0.95),
      p99Ms: this.#latencies.percentileMs(0.99),
    }
  }
}

/** Figures of the bookings of this process, over the last ten seconds and since its start. */
export class Figures {
  readonly #sinceStart = new Tally()
  readonly #bySecond = new Map<number, Tally>()
  readonly #counts = { acknowledged: 0, refused: 0, uncertain: 0, unordered: 0, shed: 0 }

  /** A booking has ended. A shed one counts as one that failed. */
  add(outcome: BookingOutcome, latencyMs: number): void {
    this.#counts[outcome] += 1
    this.#sinceStart.add(outcome, latencyMs)
    this.#thisSecond().add(outcome, latencyMs)
  }

  describe() {
    this.#thisSecond()
    const window = new Tally()
    for (const tally of this.#bySecond.values()) window.merge(tally)
    return { counts: { ...this.#counts }, last10s: window.describe(), sinceStart: this.#sinceStart.describe() }
  }

  #thisSecond(): Tally {
    const second = Math.floor(performance.now() / 1_000)
    for (const old of this.#bySecond.keys()) if (old <= second - WINDOW_S) this.#bySecond.delete(old)
    const known = this.#bySecond.get(second)
    if (known) return known
    const fresh = new Tally()
    this.#bySecond.set(second, fresh)
    return fresh
  }
}
