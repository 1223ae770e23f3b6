import type { RetryRules } from '../settings/guard-settings.ts'
import { backoffDelayMs } from './backoff.ts'
import { retryAfterMs } from './retry-after.ts'
import type { RetryBudget } from './retry-budget.ts'

/** What retrying needs of a guard. */
export interface RetryContext {
  readonly rules: { readonly retry: RetryRules | undefined }
  readonly retryBudget: RetryBudget | undefined
  readonly random: () => number
  readonly counters: { retriesDenied: number }
}

export interface FailedAttempt {
  /** The error, or the result that was judged a failure. */
  readonly failed: unknown
  /** Attempts so far. */
  readonly attempts: number
  /** What is left of the overall bound. */
  readonly remainingMs: number
  readonly now: number
}

/**
 * Milliseconds to wait before the next attempt; undefined if there must be none: the attempts are used up, the wait
 * would outlast the overall bound, the server asked for a longer wait than `delayMax`, or the budget is spent.
 */
export function planRetry(context: RetryContext, attempt: FailedAttempt): number | undefined {
  const { retry } = context.rules
  if (retry === undefined || context.retryBudget === undefined || attempt.attempts >= retry.attempts) return undefined
  const askedMs = askedDelayMs(attempt.failed)
  if (askedMs !== undefined && askedMs > retry.delayMsMax) return undefined
  const delayMs = askedMs ?? backoffDelayMs(retry, attempt.attempts, context.random())
  if (delayMs >= attempt.remainingMs) return undefined
  if (context.retryBudget.trySpend(attempt.now)) return delayMs
  context.counters.retriesDenied++
  return undefined
}

/** Reading a header may throw on a strange error object; then nothing was asked. */
function askedDelayMs(failed: unknown): number | undefined {
  try {
    return retryAfterMs(failed)
  } catch {
    return undefined
  }
}
