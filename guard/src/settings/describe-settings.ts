import type { BreakerRules } from '../breaker/breaker-settings.ts'
import { formatDuration } from './duration.ts'
import type { GuardRules } from './guard-settings.ts'

/** Settings as a configuration file holds them: durations as text, functions by their names, defaults filled in. */
export type DescribedSettings = { readonly [setting: string]: DescribedValue }
type DescribedValue = string | number | boolean | readonly string[] | DescribedSettings

/** The settings of a guard in the form `registry.fromConfig` reads. */
export function describeSettings(rules: GuardRules): DescribedSettings {
  const { retry, breaker, bulkhead, cache, fallbacks } = rules
  return given({
    deadline: duration(rules.deadlineMs),
    overall: duration(rules.overallMs),
    idempotent: rules.idempotent,
    retry: retry && {
      attempts: retry.attempts,
      firstDelay: formatDuration(retry.firstDelayMs),
      delayMax: formatDuration(retry.delayMsMax),
      budget: retry.budget,
    },
    breaker: breaker && describeBreaker(breaker),
    bulkhead: bulkhead && {
      concurrent: bulkhead.concurrent,
      queue: bulkhead.queue,
      ...(bulkhead.queue > 0 ? { queueFor: formatDuration(bulkhead.queueForMs) } : {}),
    },
    cache: cache && {
      fresh: formatDuration(cache.freshMs),
      stale: formatDuration(cache.staleMs),
      entries: cache.entriesMax,
      mark: typeof cache.mark === 'string' ? cache.mark : nameOf(cache.mark),
    },
    fallback: fallbacks.length === 0 ? undefined : fallbacks.map(nameOf),
    judge: describeJudge(rules),
  })
}

function describeBreaker(breaker: BreakerRules): DescribedSettings {
  const { window } = breaker
  return given({
    window: window.kind === 'count' ? window.calls : formatDuration(window.ms),
    forgetAfter: window.kind === 'count' ? formatDuration(window.forgetAfterMs) : undefined,
    minimumCalls: breaker.minimumCalls,
    failureRate: breaker.failureRate,
    consecutiveFailures: breaker.consecutiveFailures,
    slowCall: duration(breaker.slowCallMs),
    slowRate: breaker.slowRate,
    openFor: formatDuration(breaker.openForMs),
    probes: breaker.probes,
    maxHalfOpen: formatDuration(breaker.maxHalfOpenMs),
    rampUp: breaker.rampUpMs === 0 ? undefined : formatDuration(breaker.rampUpMs),
    mode: breaker.mode,
  })
}

function describeJudge(rules: GuardRules): DescribedSettings | undefined {
  const { judgeError, judgeResult } = rules
  if (judgeError === undefined && judgeResult === undefined) return undefined
  return given({ error: judgeError && nameOf(judgeError), result: judgeResult && nameOf(judgeResult) })
}

function duration(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatDuration(ms)
}

function nameOf(fn: { readonly name: string }): string {
  return fn.name === '' ? '(anonymous)' : fn.name
}

/** Leaves out what is undefined. */
function given(settings: Record<string, DescribedValue | undefined>): DescribedSettings {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, DescribedValue] => entry[1] !== undefined),
  )
}
