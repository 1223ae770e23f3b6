import { Breaker, type BreakerTransition } from './breaker/breaker.ts'
import { Bulkhead } from './bulkhead/bulkhead.ts'
import { AnswerCache } from './cache/answer-cache.ts'
import type { Call, RunOptions } from './call/call.ts'
import { Run } from './call/run.ts'
import type { Stack } from './call/stack.ts'
import type { EventHub } from './events.ts'
import { describeGuard, type GuardDescription } from './guard-description.ts'
import { Counters } from './metrics/counters.ts'
import { RetryBudget } from './retry/retry-budget.ts'
import type { GuardRules } from './settings/guard-settings.ts'
import type { Clock } from './time/clock.ts'
import { timerWheelOf } from './time/timer-wheel.ts'

/** What a guard is given by its surroundings. */
export interface GuardContext {
  readonly clock: Clock
  /** From 0 to 1; spreads retries. */
  readonly random: () => number
  readonly events: EventHub
}

/**
 * The policies of one dependency. `Input` is what callers hand to the function and the fallbacks, `Answer` what the
 * fallbacks give. Make one with `guard`, once per dependency; it holds the state all its calls share.
 */
export class Guard<Input = unknown, Answer = never> {
  readonly name: string
  readonly #stack: Stack

  constructor(name: string, rules: GuardRules, context: GuardContext) {
    this.name = name
    this.#stack = buildStack(name, rules, context)
  }

  /**
   * Calls `run` under all policies and settles as it does, or as the policies decide.
   * Rejects with `BreakerOpenError`, `BulkheadFullError`, `DeadlineError`, `CallerAbortedError`, `UnknownOutcomeError`
   * or what `run` threw, unless a fallback answers.
   */
  run<Result>(
    run: (call: Call<Input>) => Result | PromiseLike<Result>,
    options?: RunOptions<Input>,
  ): Promise<Awaited<Result> | Answer> {
    return new Run<Input>(this.#stack, { run, options }).begin() as Promise<Awaited<Result> | Answer>
  }

  /** The breaker, to force or free it, or to count work that is not a function call; undefined if there is none. */
  get breaker(): Breaker | undefined {
    return this.#stack.breaker
  }

  /** The guard as it is wired at this moment, as JSON. */
  describe(): GuardDescription {
    return describeGuard(this.#stack)
  }
}

function buildStack(name: string, rules: GuardRules, context: GuardContext): Stack {
  const counters = new Counters()
  const onHookError = () => {
    counters.hookErrors++
  }
  const { clock, events, random } = context
  const onTransition = (transition: BreakerTransition) =>
    events.emit({ kind: 'transition', guard: name, ...transition }, onHookError)
  return {
    name,
    rules,
    clock,
    random,
    events,
    counters,
    onHookError,
    wheel: timerWheelOf(clock),
    breaker: rules.breaker && new Breaker(rules.breaker, { name, clock, onTransition }),
    bulkhead: rules.bulkhead && new Bulkhead(rules.bulkhead),
    retryBudget: rules.retry && new RetryBudget(rules.retry.budget),
    cache: rules.cache && new AnswerCache(rules.cache),
  }
}
