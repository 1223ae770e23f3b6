import type { Breaker } from '../breaker/breaker.ts'
import type { Bulkhead } from '../bulkhead/bulkhead.ts'
import type { AnswerCache } from '../cache/answer-cache.ts'
import type { EventHub } from '../events.ts'
import type { Counters } from '../metrics/counters.ts'
import type { RetryBudget } from '../retry/retry-budget.ts'
import type { GuardRules } from '../settings/guard-settings.ts'
import type { Clock } from '../time/clock.ts'
import type { TimerWheel } from '../time/timer-wheel.ts'

/** The policies of one guard, as one call goes through them. */
export interface Stack {
  readonly name: string
  readonly rules: GuardRules
  readonly clock: Clock
  readonly random: () => number
  readonly wheel: TimerWheel
  readonly breaker: Breaker | undefined
  readonly bulkhead: Bulkhead | undefined
  readonly retryBudget: RetryBudget | undefined
  readonly cache: AnswerCache | undefined
  readonly counters: Counters
  readonly events: EventHub
  readonly onHookError: (error: unknown) => void
}
