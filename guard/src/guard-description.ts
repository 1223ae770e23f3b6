import type { BreakerDescription } from './breaker/breaker.ts'
import type { Stack } from './call/stack.ts'
import { latencyBoundsMs } from './metrics/counters.ts'
import { type DescribedSettings, describeSettings } from './settings/describe-settings.ts'

/** The policies of a guard, outermost first: the order in which a call meets them. */
const policyOrder = ['fallback', 'cache', 'retry', 'breaker', 'bulkhead', 'deadline'] as const
export type PolicyName = (typeof policyOrder)[number]

/** One guard as it is wired at this moment, as JSON. */
export interface GuardDescription {
  /** The name of the guard, usually `caller>dependency`. */
  readonly dependency: string
  readonly policies: readonly PolicyName[]
  readonly settings: DescribedSettings
  readonly state: {
    /** Calls begun and not yet settled. */
    readonly inFlight: number
    readonly breaker?: Omit<BreakerDescription, 'counters'>
    readonly bulkhead?: { readonly running: number; readonly queued: number }
    readonly cache?: { readonly entries: number }
  }
  readonly counters: GuardCounters
  readonly latency: LatencyDescription
}

/** Since the guard was made. `success`, `failure` and `ignored` count attempts as judged; see `Counters`. */
export interface GuardCounters {
  readonly success: number
  readonly failure: number
  readonly ignored: number
  /** Attempts refused by an open breaker; by a half-open or ramping one. */
  readonly rejected: number
  readonly limited: number
  readonly transitions: number
  readonly deadlines: number
  readonly retries: number
  readonly retriesDenied: number
  readonly bulkheadFull: number
  readonly callerAborted: number
  readonly unknownOutcomes: number
  readonly fallbackAnswers: number
  readonly cacheFresh: number
  readonly cacheStale: number
  readonly hookErrors: number
}

/** Durations of attempts. `counts[i]` are those of at most `boundsMs[i]`, the last those above all bounds. */
export interface LatencyDescription {
  readonly boundsMs: readonly number[]
  readonly counts: readonly number[]
  readonly sumMs: number
}

export function describeGuard(stack: Stack): GuardDescription {
  const { breaker, bulkhead, cache, counters, name, rules } = stack
  const { inFlight, latencyCounts, latencySumMs, ...counted } = counters
  const { counters: refusals = noRefusals, ...breakerState } = breaker?.describe() ?? {}
  return {
    dependency: name,
    policies: policiesOf(stack),
    settings: describeSettings(rules),
    state: {
      inFlight,
      ...(breaker && { breaker: breakerState as Omit<BreakerDescription, 'counters'> }),
      ...(bulkhead && { bulkhead: { running: bulkhead.running, queued: bulkhead.queued } }),
      ...(cache && { cache: { entries: cache.size } }),
    },
    counters: { ...counted, ...refusals },
    latency: { boundsMs: latencyBoundsMs, counts: [...latencyCounts], sumMs: latencySumMs },
  }
}

const noRefusals = { rejected: 0, limited: 0, transitions: 0 }

function policiesOf(stack: Stack): PolicyName[] {
  const has: Record<PolicyName, boolean> = {
    fallback: stack.rules.fallbacks.length > 0,
    cache: stack.cache !== undefined,
    retry: stack.retryBudget !== undefined,
    breaker: stack.breaker !== undefined,
    bulkhead: stack.bulkhead !== undefined,
    deadline: stack.rules.deadlineMs !== undefined || stack.rules.overallMs !== undefined,
  }
  return policyOrder.filter((policy) => has[policy])
}
