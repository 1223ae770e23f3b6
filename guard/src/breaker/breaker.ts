import { withoutStack } from '../guard-error.ts'
import type { Outcome } from '../outcome.ts'
import type { Clock } from '../time/clock.ts'
import { BreakerOpenError } from './breaker-open-error.ts'
import type { BreakerMode, BreakerRules } from './breaker-settings.ts'
import { exceedsRates, type ProbeResult, Probes } from './probes.ts'
import { createResultWindow, type ResultWindow } from './result-window.ts'
import type { Ticket } from './ticket.ts'

export type BreakerState = 'closed' | 'half-open' | 'open'

export interface BreakerTransition {
  readonly from: BreakerState
  readonly to: BreakerState
}

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
  | { readonly kind: 'half-open'; readonly probes: Probes }

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
    if (phase.kind === 'half-open') this.#recordProbe(phase.probes, { ticket, failed, slow, now })
    else if (ticket === this.#ticket) this.#recordResult(failed, slow, now)
  }

  /** Ends an admitted call that says nothing about the dependency. */
  giveBack(ticket: Ticket): void {
    if (this.#phase.kind === 'half-open') this.#phase.probes.giveBack(ticket)
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
        return this.#admitProbe(this.#phase.probes, now)
    }
  }

  #admitProbe(probes: Probes, now: number): Ticket {
    const ticket = this.#newTicket()
    return probes.tryAdmit(ticket, now) ? ticket : this.#refuse('limited')
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
    return window.total >= minimumCalls && exceedsRates(window, window.total, this.#rules)
  }

  #recordProbe(probes: Probes, result: ProbeResult): void {
    const verdict = probes.record(result)
    if (verdict === 'fail') this.#open(result.now)
    else if (verdict === 'pass') this.#close(result.now)
  }

  #bringUpToDate(now: number): void {
    const phase = this.#phase
    if (phase.kind === 'open') {
      if (now >= phase.until) this.#transition({ kind: 'half-open', probes: new Probes(this.#rules) })
    } else if (phase.kind === 'half-open') {
      phase.probes.takeBackOverdue(now)
    } else if (phase.kind === 'ramping-up' && now - phase.since >= this.#rules.rampUpMs) {
      this.#phase = closed
      this.#refreshAdmitsAll()
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
    return phase.kind === 'half-open' ? phase.probes.retryAfterMs(now) : 0
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
