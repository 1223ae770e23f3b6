import { refused } from '../breaker/breaker.ts'
import type { Ticket } from '../breaker/ticket.ts'
import type { BulkheadWaiter } from '../bulkhead/bulkhead.ts'
import { BulkheadFullError } from '../bulkhead/bulkhead-full-error.ts'
import type { CachedAnswer } from '../cache/answer-cache.ts'
import { CallerAbortedError } from '../deadline/caller-aborted-error.ts'
import { type CallerWatcher, unwatchCaller, watchCaller } from '../deadline/caller-signal.ts'
import { DeadlineError } from '../deadline/deadline-error.ts'
import { FailedResultError } from '../fallback/failed-result-error.ts'
import { answerInstead } from '../fallback/fallback.ts'
import { leavesOutcomeUnknown } from '../fallback/leaves-outcome-unknown.ts'
import { UnknownOutcomeError } from '../fallback/unknown-outcome-error.ts'
import { withoutStack } from '../guard-error.ts'
import type { Outcome } from '../outcome.ts'
import { planRetry } from '../retry/plan-retry.ts'
import { CallbackTimer } from '../time/timer-wheel.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import type { Call, RunOptions } from './call.ts'
import { discardBody } from './response-body.ts'
import type { Stack } from './stack.ts'

/** What the caller asked for. */
export interface Request<Input> {
  readonly run: (call: Call<Input>) => unknown
  readonly options: RunOptions<Input> | undefined
}

/**
 * One call through the whole stack, as one object instead of a promise per policy. Its life:
 * 1. admit: the breaker gives a ticket, then the bulkhead a place, at once or after a wait in its queue;
 * 2. attempt: the function runs under its deadline;
 * 3. after a failure: wait and go to 1, if retrying is allowed;
 * 4. fall back: the cache, then the fallbacks, unless the caller has gone;
 * 5. settle.
 *
 * The caller's abort and the overall deadline end it at any point.
 */
export class Run<Input> implements AttemptOwner<Input>, BulkheadWaiter, CallerWatcher {
  readonly stack: Stack
  readonly #run: (call: Call<Input>) => unknown
  readonly #options: RunOptions<Input> | undefined
  readonly #promise: Promise<unknown>
  #resolve!: (value: unknown) => void
  #reject!: (error: unknown) => void
  #phase: 'trying' | 'falling-back' | 'settled' = 'trying'
  #attempts = 0
  /** The latest attempt, as long as its signal may be needed. */
  #attempt: Attempt<Input> | undefined = undefined
  #ticket: Ticket = 0
  #lastError: unknown = undefined
  #overall: CallbackTimer | undefined = undefined
  /** Armed during a wait in the bulkhead's queue or before a retry. */
  #wait: CallbackTimer | undefined = undefined
  #isQueued = false

  constructor(stack: Stack, { run, options }: Request<Input>) {
    this.stack = stack
    this.#run = run
    this.#options = options
    // The executor does no more than this so that the compiler inlines it and never makes the function.
    this.#promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  get input(): Input {
    return this.#options?.input as Input
  }

  /** To be called once. Returns the promise of the call's answer. */
  begin(): Promise<unknown> {
    try {
      this.#begin()
    } catch (error) {
      if (this.#phase !== 'settled') this.#settle()
      this.#reject(error)
    }
    return this.#promise
  }

  /** The bulkhead has given a place to this call, which waited for it. */
  onPlace(): void {
    const { breaker, bulkhead, clock, wheel } = this.stack
    this.#isQueued = false
    if (this.#wait !== undefined) wheel.disarm(this.#wait)
    const mustAskAgain = breaker !== undefined && !breaker.isCurrent(this.#ticket)
    if (!mustAskAgain || this.#takeTicket()) this.#startAttempt(clock.now())
    else bulkhead?.leave()
  }

  onReturned(value: unknown, outcome: Outcome): void {
    if (this.#phase !== 'trying') return
    if (outcome === 'failure' && this.#tryAgain(value)) {
      discardBody(value)
    } else if (outcome === 'failure' && this.#canFallBack()) {
      this.#fail(withoutStack(() => new FailedResultError({ dependency: this.stack.name, result: value })))
    } else {
      if (outcome === 'success') this.#keepAnswer(value)
      this.#settle()
      this.#resolve(value)
    }
  }

  onThrew(error: unknown, outcome: Outcome): void {
    if (this.#phase !== 'trying') return
    this.#attempt = undefined
    if (!this.#isIdempotent() && leavesOutcomeUnknown(error)) {
      this.#failUnknown(error)
    } else if (outcome !== 'failure') {
      this.#settle()
      this.#reject(error)
    } else if (!this.#tryAgain(error)) {
      this.#fail(error)
    }
  }

  onEnded(attempt: Attempt<Input>): void {
    if (this.#attempt !== attempt) return
    this.#attempt = undefined
    if (this.#phase === 'settled') this.#forgetCaller()
  }

  onCallerAborted(reason: unknown): void {
    const { counters, name } = this.stack
    const details = { dependency: name, started: this.#attempts > 0, cause: reason }
    const error = withoutStack(() => new CallerAbortedError(details))
    this.#attempt?.cutOff(error)
    this.#attempt = undefined
    if (this.#phase === 'settled') return
    counters.callerAborted++
    this.#stopTrying()
    this.#settle()
    this.#reject(error)
  }

  #begin(): void {
    const { clock, counters, retryBudget, rules, wheel } = this.stack
    const signal = this.#options?.signal
    counters.inFlight++
    const now = clock.now()
    if (signal?.aborted) {
      this.onCallerAborted(signal.reason)
      return
    }
    if (signal !== undefined) watchCaller(signal, this)
    if (rules.overallMs !== undefined) {
      this.#overall = new CallbackTimer((expiredAt) => this.#onOverallExpired(expiredAt))
      wheel.arm(this.#overall, rules.overallMs, now)
    }
    retryBudget?.countCall(now)
    this.#admit(now)
  }

  #admit(now: number): void {
    if (!this.#takeTicket()) return
    const { bulkhead } = this.stack
    if (bulkhead === undefined || bulkhead.tryEnter()) this.#startAttempt(now)
    else if (bulkhead.tryQueue(this)) this.#waitForPlace(now)
    else this.#turnAway(0)
  }

  #takeTicket(): boolean {
    const { breaker } = this.stack
    if (breaker === undefined) return true
    this.#ticket = breaker.admit()
    if (this.#ticket !== refused) return true
    this.#fail(breaker.refusal(this.#lastError))
    return false
  }

  #waitForPlace(now: number): void {
    const { rules, wheel } = this.stack
    const waitMs = rules.bulkhead?.queueForMs as number
    this.#isQueued = true
    this.#wait = new CallbackTimer(() => this.#turnAway(waitMs))
    wheel.arm(this.#wait, waitMs, now)
  }

  #turnAway(waitedMs: number): void {
    const { breaker, counters, name } = this.stack
    counters.bulkheadFull++
    if (!this.#isQueued) breaker?.giveBack(this.#ticket)
    this.#fail(withoutStack(() => new BulkheadFullError({ dependency: name, waitedMs })))
  }

  #startAttempt(now: number): void {
    this.#attempts++
    const attempt = new Attempt(this, this.#attempts, this.#ticket)
    this.#attempt = attempt
    attempt.start(this.#run, now)
  }

  /** Arranges another attempt after `failed`, an error or a result; false if there must be none. */
  #tryAgain(failed: unknown): boolean {
    const { clock, counters, wheel } = this.stack
    if (!this.#isIdempotent()) return false
    const now = clock.now()
    const remainingMs = this.#overall === undefined ? Number.POSITIVE_INFINITY : this.#overall.expiresAt - now
    const delayMs = planRetry(this.stack, { failed, attempts: this.#attempts, remainingMs, now })
    if (delayMs === undefined) return false
    counters.retries++
    this.#lastError = failed
    this.#wait = new CallbackTimer((expiredAt) => this.#admit(expiredAt))
    wheel.arm(this.#wait, delayMs, now)
    return true
  }

  #onOverallExpired(now: number): void {
    const { name, rules } = this.stack
    const details = {
      dependency: name,
      scope: 'overall',
      afterMs: rules.overallMs as number,
      cause: this.#lastError,
    } as const
    const error = withoutStack(() => new DeadlineError(details))
    const attempt = this.#attempt
    this.#attempt = undefined
    attempt?.expireWith(error, now)
    if (attempt !== undefined && !this.#isIdempotent()) this.#failUnknown(error)
    else this.#fail(error)
  }

  #failUnknown(cause: unknown): void {
    this.stack.counters.unknownOutcomes++
    this.#fail(withoutStack(() => new UnknownOutcomeError({ dependency: this.stack.name, cause })))
  }

  #fail(error: unknown): void {
    this.#stopTrying()
    if (this.#canFallBack()) {
      this.#phase = 'falling-back'
      void this.#fallBack(error)
    } else {
      this.#settle()
      this.#reject(error)
    }
  }

  async #fallBack(error: unknown): Promise<void> {
    const { counters } = this.stack
    try {
      const cached = this.#findAnswer()
      const answer = cached === undefined ? await this.#askFallbacks(error) : cached.value
      if (cached === undefined) counters.fallbackAnswers++
      else if (cached.isStale) counters.cacheStale++
      else counters.cacheFresh++
      this.#settleLate(() => this.#resolve(answer))
    } catch (last) {
      const { result, isResult } = resultIn(last, error)
      this.#settleLate(() => (isResult ? this.#resolve(result) : this.#reject(last)))
    }
  }

  #askFallbacks(error: unknown): Promise<unknown> {
    const { clock, name, rules, wheel } = this.stack
    const options = this.#options
    const call = { input: this.input, key: options?.key, attempts: this.#attempts, signal: options?.signal }
    const deadlineMs = rules.deadlineMs ?? rules.overallMs
    return answerInstead(rules.fallbacks, { error, call }, { dependency: name, deadlineMs, clock, wheel })
  }

  #canFallBack(): boolean {
    return this.stack.rules.fallbacks.length > 0 || this.#cacheKey() !== undefined
  }

  #keepAnswer(value: unknown): void {
    const key = this.#cacheKey()
    if (key !== undefined) this.stack.cache?.store(key, value, this.stack.clock.now())
  }

  #findAnswer(): CachedAnswer | undefined {
    const key = this.#cacheKey()
    if (key === undefined) return undefined
    try {
      return this.stack.cache?.find(key, this.stack.clock.now())
    } catch (error) {
      this.stack.onHookError(error)
      return undefined
    }
  }

  /** The name of the answer in the cache, if this call may use the cache. */
  #cacheKey(): string | undefined {
    return this.stack.cache !== undefined && this.#isIdempotent() ? this.#options?.key : undefined
  }

  #isIdempotent(): boolean {
    return this.#options?.idempotent ?? this.stack.rules.idempotent
  }

  /** Ends every wait and bound of the attempts; the place in a queue is free at once. */
  #stopTrying(): void {
    const { breaker, bulkhead, wheel } = this.stack
    if (this.#overall !== undefined) wheel.disarm(this.#overall)
    if (this.#wait !== undefined) wheel.disarm(this.#wait)
    if (!this.#isQueued) return
    this.#isQueued = false
    bulkhead?.leaveQueue(this)
    breaker?.giveBack(this.#ticket)
  }

  #settle(): void {
    this.#phase = 'settled'
    this.stack.counters.inFlight--
    if (this.#overall !== undefined) this.stack.wheel.disarm(this.#overall)
    if (this.#attempt === undefined) this.#forgetCaller()
  }

  /** Settles unless that has happened already: the caller may have given up during the fallbacks. */
  #settleLate(settle: () => void): void {
    if (this.#phase === 'settled') return
    this.#settle()
    settle()
  }

  #forgetCaller(): void {
    const signal = this.#options?.signal
    if (signal !== undefined) unwatchCaller(signal, this)
  }
}

/** When no fallback answered for a result that was judged a failure, the caller gets that result after all. */
function resultIn(last: unknown, error: unknown): { isResult: boolean; result: unknown } {
  if (last === error && last instanceof FailedResultError) return { isResult: true, result: last.result }
  return { isResult: false, result: undefined }
}
