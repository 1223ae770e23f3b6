import type { Ticket } from '../breaker/ticket.ts'
import { DeadlineError } from '../deadline/deadline-error.ts'
import { withoutStack } from '../guard-error.ts'
import { judge, type Outcome } from '../outcome.ts'
import { TimerEntry } from '../time/timer-wheel.ts'
import type { Call } from './call.ts'
import { hasUnreadBody } from './response-body.ts'
import type { Stack } from './stack.ts'

/** The call an attempt belongs to. */
export interface AttemptOwner<Input> {
  readonly stack: Stack
  readonly input: Input
  /** The function returned `value`. */
  onReturned(value: unknown, outcome: Outcome): void
  /** The attempt failed with `error`, thrown by the function or made by the guard. */
  onThrew(error: unknown, outcome: Outcome): void
  /** The signal of `attempt` is not needed any more. */
  onEnded(attempt: Attempt<Input>): void
}

/**
 * One attempt, from its start to the real end of the function. Its life:
 * 1. running: the function works, its deadline is armed;
 * 2. cut off: its deadline passed or the call is over, but the function has not ended. It still holds its place in the
 *    bulkhead and, as a probe, its permit;
 * 3. over: the function has ended. Its deadline stays armed if it returned a response whose body is still to be read.
 *
 * It is its own timer entry and makes its signal only when somebody reads it: an attempt costs one object.
 */
export class Attempt<Input> extends TimerEntry implements Call<Input> {
  readonly attempt: number
  readonly #owner: AttemptOwner<Input>
  readonly #ticket: Ticket
  #startedAt = 0
  #isCutOff = false
  #isOver = false
  #cutOffBy: unknown = undefined
  #controller: AbortController | undefined = undefined
  #tail: PromiseLike<unknown> | undefined = undefined

  constructor(owner: AttemptOwner<Input>, attempt: number, ticket: Ticket) {
    super()
    this.#owner = owner
    this.attempt = attempt
    this.#ticket = ticket
  }

  get input(): Input {
    return this.#owner.input
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#isCutOff) this.#controller.abort(this.#cutOffBy)
    }
    return this.#controller.signal
  }

  until(ended: PromiseLike<unknown>): void {
    this.#tail = ended
  }

  start(run: (call: Call<Input>) => unknown, now: number): void {
    const { rules, wheel } = this.#owner.stack
    this.#startedAt = now
    if (rules.deadlineMs !== undefined) wheel.arm(this, rules.deadlineMs, now)
    let result: unknown
    let isPending: boolean
    try {
      result = run(this)
      isPending = result instanceof Promise || isThenable(result)
      if (isPending) this.#observe(Promise.resolve(result))
    } catch (error) {
      this.#onRejected(error)
      return
    }
    if (!isPending) this.#onFulfilled(result)
  }

  /** Ends the attempt for everyone but the function itself, which is told through its signal. */
  cutOff(error: unknown): void {
    if (this.#isCutOff) return
    this.#isCutOff = true
    this.#cutOffBy = error
    this.#owner.stack.wheel.disarm(this)
    this.#controller?.abort(error)
  }

  /**
   * Cuts the attempt off because a bound on time has passed. That is a failure of the dependency if the attempt has
   * had all the time of its own deadline; a late attempt that only had the rest of the overall bound proves nothing.
   */
  expireWith(error: DeadlineError, now: number): void {
    const { counters, rules } = this.#owner.stack
    if (now - this.#startedAt >= (rules.deadlineMs ?? 0)) {
      counters.deadlines++
      this.#count('failure', now)
    }
    this.cutOff(error)
  }

  override expire(now: number): void {
    const { name, rules } = this.#owner.stack
    const details = { dependency: name, scope: 'attempt', afterMs: rules.deadlineMs as number } as const
    const error = withoutStack(() => new DeadlineError(details))
    if (this.#isOver) {
      this.cutOff(error)
      this.#owner.onEnded(this)
    } else {
      this.expireWith(error, now)
      this.#owner.onThrew(error, 'failure')
    }
  }

  /** With `then`, since an async function would make half as much garbage again on every call. */
  #observe(pending: Promise<unknown>): void {
    pending.then(
      (result) => this.#onFulfilled(result),
      (error) => this.#onRejected(error),
    )
  }

  #onFulfilled(result: unknown): void {
    const { rules, onHookError } = this.#owner.stack
    const outcome = judge(rules.judgeResult, result, 'success', onHookError)
    if (this.#tail !== undefined) void this.#observeTail(this.#tail, outcome)
    else this.#finish(outcome, result)
    if (!this.#isCutOff) this.#owner.onReturned(result, outcome)
  }

  #onRejected(error: unknown): void {
    const outcome = this.#isCutOff ? 'ignore' : this.#judgeError(error)
    this.#finish(outcome, undefined)
    if (!this.#isCutOff) this.#owner.onThrew(error, outcome)
  }

  async #observeTail(tail: PromiseLike<unknown>, ofResult: Outcome): Promise<void> {
    let outcome = ofResult
    try {
      await tail
    } catch (error) {
      if (outcome === 'success') outcome = this.#judgeError(error)
    }
    this.#finish(outcome, undefined)
  }

  #judgeError(error: unknown): Outcome {
    const { rules, onHookError } = this.#owner.stack
    return judge(rules.judgeError, error, 'failure', onHookError)
  }

  /** The function has really ended; if it was cut off before, its outcome was settled then. */
  #finish(outcome: Outcome, result: unknown): void {
    const { breaker, bulkhead, clock, wheel } = this.#owner.stack
    this.#isOver = true
    if (this.#isCutOff) breaker?.giveBack(this.#ticket)
    else this.#count(outcome, clock.now())
    if (this.#controller !== undefined && this.next !== undefined && hasUnreadBody(result)) {
      wheel.letGo(this)
    } else {
      wheel.disarm(this)
      this.#owner.onEnded(this)
    }
    bulkhead?.leave()
  }

  #count(outcome: Outcome, now: number): void {
    const { breaker, counters, events, name, onHookError } = this.#owner.stack
    const durationMs = now - this.#startedAt
    breaker?.record(this.#ticket, outcome, durationMs, now)
    if (outcome === 'success') counters.success++
    else if (outcome === 'failure') counters.failure++
    else counters.ignored++
    counters.countLatency(durationMs)
    if (events.isHeard) events.emit({ kind: 'attempt', guard: name, outcome, durationMs }, onHookError)
  }
}

function isThenable(value: unknown): boolean {
  const mayHaveThen = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return mayHaveThen && typeof (value as { then?: unknown }).then === 'function'
}
