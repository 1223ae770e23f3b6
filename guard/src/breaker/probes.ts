import type { BreakerRules } from './breaker-settings.ts'
import type { Ticket } from './ticket.ts'

export interface ProbeResult {
  readonly ticket: Ticket
  readonly failed: boolean
  readonly slow: boolean
  readonly now: number
}

/** The calls a half-open breaker lets through to find out whether the dependency is back: at most `probes` in all. */
export class Probes {
  readonly #rules: BreakerRules
  /** When each probe under way was admitted, oldest first. */
  readonly #underWay = new Map<Ticket, number>()
  #recorded = 0
  #failed = 0
  #slow = 0

  constructor(rules: BreakerRules) {
    this.#rules = rules
  }

  /** Lets a probe through unless the permits are used up, by probes under way or by results. */
  tryAdmit(ticket: Ticket, now: number): boolean {
    if (this.#recorded + this.#underWay.size >= this.#rules.probes) return false
    this.#underWay.set(ticket, now)
    return true
  }

  has(ticket: Ticket): boolean {
    return this.#underWay.has(ticket)
  }

  giveBack(ticket: Ticket): void {
    this.#underWay.delete(ticket)
  }

  /** Takes the permits of probes that have not ended within `maxHalfOpen`; their results will not count. */
  takeBackOverdue(now: number): void {
    for (const [ticket, since] of this.#underWay) {
      if (now - since < this.#rules.maxHalfOpenMs) return
      this.#underWay.delete(ticket)
    }
  }

  /** The verdict, as soon as the remaining probes cannot change it. */
  record({ ticket, failed, slow, now }: ProbeResult): 'pass' | 'fail' | undefined {
    this.takeBackOverdue(now)
    if (!this.#underWay.delete(ticket)) return undefined
    this.#recorded++
    if (failed) this.#failed++
    if (slow) this.#slow++
    if (this.#isTooMuch({ failed: this.#failed, slow: this.#slow })) return 'fail'
    const left = this.#rules.probes - this.#recorded
    return this.#isTooMuch({ failed: this.#failed + left, slow: this.#slow + left }) ? undefined : 'pass'
  }

  #isTooMuch(counts: { failed: number; slow: number }): boolean {
    const failsWithoutRate = this.#rules.failureRate === undefined && counts.failed > 0
    return failsWithoutRate || exceedsRates(counts, this.#rules.probes, this.#rules)
  }

  /** Milliseconds until the oldest probe gives its permit back at the latest. */
  retryAfterMs(now: number): number {
    const [oldest = now] = this.#underWay.values()
    return Math.max(0, oldest + this.#rules.maxHalfOpenMs - now)
  }
}

/** True if so many failures or slow calls of `total` reach a rate of the rules. */
export function exceedsRates(counts: { failed: number; slow: number }, total: number, rules: BreakerRules): boolean {
  const { failureRate, slowRate } = rules
  // Dividing, not multiplying: 7 of 100 must reach a rate of 0.07, and 0.07 * 100 is more than 7.
  if (failureRate !== undefined && counts.failed / total >= failureRate) return true
  return slowRate !== undefined && counts.slow / total >= slowRate
}
