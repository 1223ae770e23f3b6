import { type Judge, judge } from '../outcome.ts'
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
    const startedAt = this.#measuresCalls ? this.#clock.now() : 0
    let pending: Promise<Awaited<Result>>
    try {
      pending = Promise.resolve(run())
    } catch (error) {
      this.#recordError(error, ticket, startedAt)
      return Promise.reject(error)
    }
    // With `then`, since an async function would make half as much garbage again on every call.
    return pending.then(
      (result) => {
        this.#recordResult(result, ticket, startedAt)
        return result
      },
      (error) => {
        this.#recordError(error, ticket, startedAt)
        throw error
      },
    )
  }

  #recordResult(result: unknown, ticket: Ticket, startedAt: number): void {
    const outcome = judge(this.#judge.result, result, 'success', this.#onHookError)
    const now = this.#clock.now()
    this.breaker.record(ticket, outcome, now - startedAt, now)
  }

  #recordError(error: unknown, ticket: Ticket, startedAt: number): void {
    const outcome = judge(this.#judge.error, error, 'failure', this.#onHookError)
    const now = this.#clock.now()
    this.breaker.record(ticket, outcome, now - startedAt, now)
  }

  readonly #onHookError = (): void => {
    this.#hookErrors++
  }
}
