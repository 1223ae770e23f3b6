import { TimeWindow } from '../breaker/time-window.ts'

/** Retries are bounded over this long, in milliseconds. */
const budgetWindowMs = 10_000
/** So many retries are always allowed, else a quiet service could never retry. */
const retriesMin = 3

/**
 * Bounds retries to a share of the calls of the last 10 s, at least 3, so that retrying cannot multiply the load on a
 * dependency that is already down.
 * Source: Google, "Site Reliability Engineering", 2016, chapter 22; the figures are those of Finagle's RetryBudget in
 * spirit: a share plus a small reserve.
 */
export class RetryBudget {
  readonly #share: number
  /** Its total counts calls and retries, its failed the retries. */
  readonly #window = new TimeWindow(budgetWindowMs)

  constructor(share: number) {
    this.#share = share
  }

  countCall(now: number): void {
    this.#window.forget(now)
    this.#window.add(false, false)
  }

  /** Takes one retry out of the budget, or answers false. */
  trySpend(now: number): boolean {
    this.#window.forget(now)
    const retries = this.#window.failed
    const calls = this.#window.total - retries
    if (retries >= Math.max(retriesMin, Math.floor(calls * this.#share))) return false
    this.#window.add(true, false)
    return true
  }
}
