import { type Judge, judge, type Outcome } from '../outcome.ts'
import type { Clock } from '../time/clock.ts'
import { Breaker, refused } from './breaker.ts'
import type { BreakerRules } from './breaker-settings.ts'
import type { Ticket } from './ticket.ts'

/** A breaker without any other policy: nothing but its state machine around a function. */
export class LoneBreaker {
  readonly breaker: Breaker
  readonly #judge: Judge
  readonly #clock: Clock
  readonly #measuresCalls: boolean
  #hookErrors = 0
  /** One that has ended, for the next call: making its functions anew would be a tenth of what a call costs. */
  #spare: RunningCall | undefined = undefined

  constructor(rules: BreakerRules, context: { name: string; clock: Clock; judge: Judge }) {
    const { name, clock } = context
    this.breaker = new Breaker(rules, { name, clock, onTransition: () => undefined })
    this.#judge = context.judge
    this.#clock = clock
    this.#measuresCalls = rules.slowCallMs !== undefined
  }

  /** Exceptions thrown by the judge. They changed nothing. */
  get hookErrors(): number {
    return this.#hookErrors
  }

  /** Calls `run` and settles as it does, or rejects with `BreakerOpenError` without calling it. */
  run<Result>(run: () => Result | PromiseLike<Result>): Promise<Awaited<Result>> {
    const ticket = this.breaker.admit()
    if (ticket === refused) return Promise.reject(this.breaker.refusal())
    const call = this.#spare ?? new RunningCall(this)
    this.#spare = undefined
    call.ticket = ticket
    call.startedAt = this.#measuresCalls ? this.#clock.now() : 0
    let pending: Promise<Awaited<Result>>
    try {
      pending = Promise.resolve(run())
    } catch (error) {
      this.onThrew(error, call)
      return Promise.reject(error)
    }
    // With `then`, since an async function would make half as much garbage again on every call.
    return pending.then(call.onReturned as (result: Awaited<Result>) => Awaited<Result>, call.onThrew)
  }

  onReturned(result: unknown, call: RunningCall): void {
    this.#end(call, judge(this.#judge.result, result, 'success', this.#onHookError))
  }

  onThrew(error: unknown, call: RunningCall): void {
    this.#end(call, judge(this.#judge.error, error, 'failure', this.#onHookError))
  }

  #end(call: RunningCall, outcome: Outcome): void {
    const now = this.#clock.now()
    this.breaker.record(call.ticket, outcome, now - call.startedAt, now)
    this.#spare = call
  }

  readonly #onHookError = (): void => {
    this.#hookErrors++
  }
}

/** What is remembered of a call until it settles, with the functions that hear of it. */
class RunningCall {
  ticket: Ticket = 0
  startedAt = 0
  readonly onReturned: (result: unknown) => unknown
  readonly onThrew: (error: unknown) => never

  constructor(owner: LoneBreaker) {
    this.onReturned = (result) => {
      owner.onReturned(result, this)
      return result
    }
    this.onThrew = (error) => {
      owner.onThrew(error, this)
      throw error
    }
  }
}
