import { withoutStack } from '../guard-error.ts'
import type { Outcome } from '../outcome.ts'
import type { Clock } from '../time/clock.ts'
import { BreakerOpenError } from './breaker-open-error.ts'
import type { BreakerMode, BreakerRules } from './breaker-settings.ts'
import { createResultWindow, type ResultWindow } from './result-window.ts'

export type BreakerState = 'closed' | 'half-open' | 'open'

export interface BreakerTransition {
  readonly from: BreakerState
  readonly to: BreakerState
}

/**
 * Permission for one call. While closed every call of a generation carries the same number; each probe of a half-open
 * breaker has its own. A number that is no longer current marks a result of an earlier time: it is dropped.
 */
export type Ticket = number

/** What `admit` answers instead of a ticket. */
export const refused: Ticket = -1
/** The ticket of a call that is let through and not counted. */
const uncounted: Ticket = 0

/** The share of calls let through at once when a closed breaker ramps up. */
const rampUpStart = 0.1

type Phase =
  | { readonly kind: 'closed' }
  | { readonly kind: 'ramping-up'; readonly since: number; credit: number }
  | { readonly kind: 'open'; readonly until: number }
  | HalfOpen

interface HalfOpen {
  readonly kind: 'half-open'
  /** When each probe still under way was admitted, oldest first. */
  readonly probes: Map<Ticket, number>
  recorded: number
  failed: number
  slow: number
}

const closed: Phase = { kind: 'closed' }

/**
 * The state machine of one dependency's circuit breaker.
 *
 *     closed ── a rule trips ──▶ open ── openFor is over ──▶ half-open ── probes pass ──▶ closed, window cleared
 *                                 ▲                             │
 *                                 └──────── probes fail ────────┘
 *
 * It has no timer: whoever looks at it brings it up to date. `admit` and `record` are O(1).
 */
export class Breaker {
  readonly #rules: BreakerRules
  readonly #name: string
  readonly #clock: Clock
  readonly #onTransition: (transition: BreakerTransition) => void
  readonly #window: ResultWindow
  #mode: BreakerMode
  #phase: Phase = closed
  /** True while every call is admitted with the current ticket, without a look at the clock. */
  #admitsAll = true
  #ticket: Ticket = 1
  #lastTicket: Ticket = 1
  #consecutiveFailures = 0
  #rejected = 0
  #limited = 0
  #transitions = 0

  constructor(rules: BreakerRules, context: BreakerContext) {
    this.#rules = rules
    this.#name = context.name
    this.#clock = context.clock
    this.#onTransition = context.onTransition
    this.#window = createResultWindow(rules.window)
    this.#mode = rules.mode
    this.#enter(closed)
  }

  /** The state at this moment: an open breaker whose time is over is half-open, also when nobody calls. */
  get state(): BreakerState {
    this.#bringUpToDate(this.#clock.now())
    return this.#stateName()
  }

  get mode(): BreakerMode {
    return this.#mode
  }

  /** Forces or frees the breaker. It starts anew: closed, with an empty window, deaf to calls begun before. */
  setMode(mode: BreakerMode): void {
    const from = this.#stateName()
    this.#mode = mode
    this.#enter(closed)
    this.#announce(from)
  }

  /** A ticket for one call, to be handed in once through `record` or `giveBack`; or `refused`. */
  admit(): Ticket {
    return this.#admitsAll ? this.#ticket : this.#admitWithCare()
  }

  /** True while the result of a call admitted with `ticket` would count. */
  isCurrent(ticket: Ticket): boolean {
    if (ticket === uncounted) return true
    return this.#phase.kind === 'half-open' ? this.#phase.probes.has(ticket) : ticket === this.#ticket
  }

  /** The error for a call that `admit` has just refused. `cause` is the failure that led to this attempt, if any. */
  refusal(cause?: unknown): BreakerOpenError {
    const details = { dependency: this.#name, retryAfterMs: this.#retryAfterMs(this.#clock.now()), cause }
    return withoutStack(() => new BreakerOpenError(details))
  }

  /**
   * Takes in the result of an admitted call that took `durationMs` and ended at `now`. A result that is `ignore`, or
   * of a call begun before the latest transition, changes nothing. Positional: this runs on every call.
   */
  record(ticket: Ticket, outcome: Outcome, durationMs: number, now: number): void {
    if (outcome === 'ignore') {
      this.giveBack(ticket)
      return
    }
    const failed = outcome === 'failure'
    const slow = this.#rules.slowCallMs !== undefined && durationMs >= this.#rules.slowCallMs
    const phase = this.#phase
    if (phase.kind === 'half-open') this.#recordProbe(phase, { ticket, failed, slow, now })
    else if (ticket === this.#ticket) this.#recordResult(failed, slow, now)
  }

  /** Ends an admitted call that says nothing about the dependency. */
  giveBack(ticket: Ticket): void {
    if (this.#phase.kind === 'half-open') this.#phase.probes.delete(ticket)
  }

  /** What it holds at this moment, as JSON. */
  describe(): BreakerDescription {
    const state = this.state
    this.#window.forget(this.#clock.now())
    const { total, failed, slow } = this.#window
    return {
      state,
      mode: this.#mode,
      window: { total, failed, slow, consecutiveFailures: this.#consecutiveFailures },
      counters: { rejected: this.#rejected, limited: this.#limited, transitions: this.#transitions },
    }
  }

  #admitWithCare(): Ticket {
    if (this.#mode === 'disabled') return uncounted
    if (this.#mode === 'forced-open') return this.#refuse('rejected')
    const now = this.#clock.now()
    this.#bringUpToDate(now)
    switch (this.#phase.kind) {
      case 'closed':
        return this.#ticket
      case 'ramping-up':
        return this.#admitRampingUp(this.#phase, now)
      case 'open':
        return this.#refuse('rejected')
      case 'half-open':
        return this.#admitProbe(this.#phase, now)
    }
  }

  #admitProbe(phase: HalfOpen, now: number): Ticket {
    if (phase.recorded + phase.probes.size >= this.#rules.probes) return this.#refuse('limited')
    const ticket = this.#newTicket()
    phase.probes.set(ticket, now)
    return ticket
  }

  /** Spreads the admitted calls evenly instead of drawing lots: the share grows with time, a credit of 1 is a call. */
  #admitRampingUp(phase: Phase & { kind: 'ramping-up' }, now: number): Ticket {
    phase.credit += Math.max(rampUpStart, (now - phase.since) / this.#rules.rampUpMs)
    if (phase.credit < 1) return this.#refuse('limited')
    phase.credit -= 1
    return this.#ticket
  }

  #refuse(as: 'rejected' | 'limited'): Ticket {
    if (as === 'rejected') this.#rejected++
    else this.#limited++
    return this.#mode === 'metrics-only' ? uncounted : refused
  }

  #recordResult(failed: boolean, slow: boolean, now: number): void {
    const window = this.#window
    window.forget(now)
    if (window.total === 0) this.#consecutiveFailures = 0
    window.add(failed, slow, now)
    this.#consecutiveFailures = failed ? this.#consecutiveFailures + 1 : 0
    if (this.#mode !== 'forced-closed' && this.#trips(window)) this.#open(now)
  }

  #trips(window: ResultWindow): boolean {
    if (window.failed === 0 && window.slow === 0) return false
    const { consecutiveFailures, minimumCalls } = this.#rules
    if (consecutiveFailures !== undefined && this.#consecutiveFailures >= consecutiveFailures) return true
    return window.total >= minimumCalls && this.#exceedsRates(window, window.total)
  }

  #exceedsRates(results: { failed: number; slow: number }, total: number): boolean {
    const { failureRate, slowRate } = this.#rules
    // Dividing, not multiplying: 7 of 100 must reach a rate of 0.07, and 0.07 * 100 is more than 7.
    if (failureRate !== undefined && results.failed / total >= failureRate) return true
    return slowRate !== undefined && results.slow / total >= slowRate
  }

  /** Decides as soon as the remaining probes cannot change the decision. */
  #recordProbe(phase: HalfOpen, probe: { ticket: Ticket; failed: boolean; slow: boolean; now: number }): void {
    this.#takeBackOverdue(phase, probe.now)
    if (!phase.probes.delete(probe.ticket)) return
    phase.recorded++
    if (probe.failed) phase.failed++
    if (probe.slow) phase.slow++
    const { probes, failureRate } = this.#rules
    const failedWithoutRate = failureRate === undefined && phase.failed > 0
    if (failedWithoutRate || this.#exceedsRates(phase, probes)) this.#open(probe.now)
    else if (phase.recorded === probes) this.#close(probe.now)
  }

  #bringUpToDate(now: number): void {
    const phase = this.#phase
    if (phase.kind === 'open') {
      if (now >= phase.until)
        this.#transition({ kind: 'half-open', probes: new Map(), recorded: 0, failed: 0, slow: 0 })
    } else if (phase.kind === 'half-open') {
      this.#takeBackOverdue(phase, now)
    } else if (phase.kind === 'ramping-up' && now - phase.since >= this.#rules.rampUpMs) {
      this.#phase = closed
      this.#refreshAdmitsAll()
    }
  }

  #takeBackOverdue(phase: HalfOpen, now: number): void {
    for (const [ticket, since] of phase.probes) {
      if (now - since < this.#rules.maxHalfOpenMs) return
      phase.probes.delete(ticket)
    }
  }

  #open(now: number): void {
    this.#transition({ kind: 'open', until: now + this.#rules.openForMs })
  }

  #close(now: number): void {
    this.#transition(this.#rules.rampUpMs > 0 ? { kind: 'ramping-up', since: now, credit: 1 } : closed)
  }

  #transition(phase: Phase): void {
    const from = this.#stateName()
    this.#enter(phase)
    this.#announce(from)
  }

  /** A new generation: calls begun before no longer count. Entering a closed phase clears the window. */
  #enter(phase: Phase): void {
    this.#phase = phase
    this.#ticket = this.#newTicket()
    this.#consecutiveFailures = 0
    this.#window.clear()
    this.#refreshAdmitsAll()
  }

  #announce(from: BreakerState): void {
    const to = this.#stateName()
    if (from === to) return
    this.#transitions++
    this.#onTransition({ from, to })
  }

  #newTicket(): Ticket {
    this.#lastTicket++
    return this.#lastTicket
  }

  #refreshAdmitsAll(): void {
    this.#admitsAll = this.#phase.kind === 'closed' && this.#mode !== 'forced-open' && this.#mode !== 'disabled'
  }

  #stateName(): BreakerState {
    if (this.#mode === 'forced-open') return 'open'
    return this.#phase.kind === 'ramping-up' ? 'closed' : this.#phase.kind
  }

  /** 0 when no time can be named: forced open, or ramping up. */
  #retryAfterMs(now: number): number {
    const phase = this.#phase
    if (phase.kind === 'open') return Math.max(0, phase.until - now)
    if (phase.kind !== 'half-open') return 0
    const [oldest = now] = phase.probes.values()
    return Math.max(0, oldest + this.#rules.maxHalfOpenMs - now)
  }
}

export interface BreakerContext {
  readonly name: string
  readonly clock: Clock
  /** Told after each change of state. It must not throw. */
  readonly onTransition: (transition: BreakerTransition) => void
}

export interface BreakerDescription {
  readonly state: BreakerState
  readonly mode: BreakerMode
  readonly window: {
    readonly total: number
    readonly failed: number
    readonly slow: number
    readonly consecutiveFailures: number
  }
  readonly counters: { readonly rejected: number; readonly limited: number; readonly transitions: number }
}
