import { type BreakerRules, type BreakerSettings, readBreakerSettings } from '../breaker/breaker-settings.ts'
import type { BulkheadRules } from '../bulkhead/bulkhead.ts'
import type { CacheRules } from '../cache/answer-cache.ts'
import type { Fallback } from '../fallback/fallback.ts'
import type { Judge, Outcome } from '../outcome.ts'
import type { BackoffRules } from '../retry/backoff.ts'
import { type Duration, formatDuration } from './duration.ts'
import { type ConfigProblem, GuardConfigError } from './guard-config-error.ts'
import { SettingsReader } from './settings-reader.ts'

/** What a user writes for one dependency. Every policy may be absent; a guard has the ones that are given. */
export interface GuardSettings<Input, Answer> {
  /** The bound on one attempt. */
  deadline?: Duration
  /** The bound on the whole call: waiting, attempts and the delays between them. */
  overall?: Duration
  /** True if sending a call twice does what sending it once does. Default false. */
  idempotent?: boolean
  retry?: RetrySettings
  breaker?: BreakerSettings
  bulkhead?: BulkheadSettings
  /** The last good answers, to fall back on before `fallback`. Calls name theirs by `key`. */
  cache?: CacheSettings
  /** What to answer instead; of several, the first that does not throw. */
  fallback?: Fallback<Input, Answer> | readonly Fallback<Input, Answer>[]
  judge?: Judge
}

/** Needs `idempotent: true`. */
export interface RetrySettings {
  /** All attempts, the first included. Default 3. */
  attempts?: number
  /** The longest delay before the second attempt; it doubles from there. Default '100ms'. */
  firstDelay?: Duration
  /** No delay is longer, and a server that asks for a longer one is not asked again. Default '10s'. */
  delayMax?: Duration
  /** The share of the calls of the last 10 s that may be retries, at least 3. Default 0.1. */
  budget?: number
}

export interface BulkheadSettings {
  /** Calls under way at once. */
  concurrent: number
  /** Calls that may wait for a place. Default 0. */
  queue?: number
  /** The longest wait. Default: the deadline, or '30s' without one. */
  queueFor?: Duration
}

/** Needs `idempotent: true`: the answer to an earlier order is not the answer to this one. */
export interface CacheSettings {
  /** Younger answers are given as they are. Default '5m'. */
  fresh?: Duration
  /** Younger answers are given, marked. Default '1h'. */
  stale?: Duration
  /** Answers kept. Default 1000. */
  entries?: number
  /** The property set to true on a copy of a stale answer, or a function that marks it. Default 'stale'. */
  mark?: string | ((answer: unknown, ageMs: number) => unknown)
}

export interface RetryRules extends BackoffRules {
  readonly attempts: number
  readonly budget: number
}

/** The same, checked, in milliseconds, frozen: guards made from one object share nothing. */
export interface GuardRules {
  readonly deadlineMs: number | undefined
  readonly overallMs: number | undefined
  readonly idempotent: boolean
  readonly retry: RetryRules | undefined
  readonly breaker: BreakerRules | undefined
  readonly bulkhead: (BulkheadRules & { readonly queueForMs: number }) | undefined
  readonly cache: CacheRules | undefined
  // biome-ignore lint/suspicious/noExplicitAny: the input and answer types are the guard's, checked where it is made.
  readonly fallbacks: readonly Fallback<any, unknown>[]
  readonly judgeError: ((error: unknown) => Outcome) | undefined
  readonly judgeResult: ((result: unknown) => Outcome) | undefined
}

const durations = { min: 1, max: 86_400_000 }

/** Checks all settings of the guard `name`. Throws a `GuardConfigError` with every mistake found. */
export function readGuardSettings(name: unknown, settings: unknown): GuardRules {
  const { rules, problems } = checkGuardSettings(name, settings)
  const [first, ...rest] = problems
  if (first !== undefined) throw new GuardConfigError([first, ...rest])
  return rules
}

/** The same, with the mistakes as values. The rules mean something only if there is none. */
export function checkGuardSettings(name: unknown, settings: unknown): { rules: GuardRules; problems: ConfigProblem[] } {
  const guard = typeof name === 'string' ? name : String(name)
  const reader = new SettingsReader(guard, settings)
  if (typeof name !== 'string' || name === '') {
    reader.problems.push({
      guard,
      setting: 'name',
      allowed: 'a text that is not empty',
      found: JSON.stringify(name) ?? 'nothing',
    })
  }
  const deadlineMs = reader.duration('deadline', durations)
  const breaker = reader.nested('breaker')
  const judge = reader.nested('judge')
  const rules: GuardRules = Object.freeze({
    deadlineMs,
    overallMs: reader.duration('overall', durations),
    idempotent: reader.flag('idempotent') ?? false,
    retry: readRetry(reader.nested('retry')),
    breaker: breaker && readBreakerSettings(breaker),
    bulkhead: readBulkhead(reader.nested('bulkhead'), deadlineMs),
    cache: readCache(reader.nested('cache')),
    fallbacks: readFallbacks(reader),
    judgeError: judge && readFunction<(error: unknown) => Outcome>(judge, 'error'),
    judgeResult: judge && readFunction<(result: unknown) => Outcome>(judge, 'result'),
  })
  judge?.finish()
  reportContradictions(reader, rules)
  if (breaker !== undefined) reportSlowerThanDeadline(breaker, rules)
  reader.finish()
  return { rules, problems: reader.problems }
}

function readRetry(reader: SettingsReader | undefined): RetryRules | undefined {
  if (reader === undefined) return undefined
  const rules = {
    attempts: reader.integer('attempts', { min: 2, max: 20 }) ?? 3,
    firstDelayMs: reader.duration('firstDelay', durations) ?? 100,
    delayMsMax: reader.duration('delayMax', durations) ?? 10_000,
    budget: reader.share('budget') ?? 0.1,
  }
  if (rules.delayMsMax < rules.firstDelayMs) reader.contradiction('delayMax', 'at least firstDelay')
  reader.finish()
  return rules
}

function readBulkhead(reader: SettingsReader | undefined, deadlineMs: number | undefined): GuardRules['bulkhead'] {
  if (reader === undefined) return undefined
  const concurrent = reader.integer('concurrent', { min: 1, max: 1_000_000 })
  if (!reader.has('concurrent')) reader.contradiction('concurrent', 'a whole number from 1 to 1000000')
  const queue = reader.integer('queue', { min: 0, max: 1_000_000 }) ?? 0
  const queueForMs = reader.duration('queueFor', durations) ?? deadlineMs ?? 30_000
  if (reader.has('queueFor') && queue === 0) reader.contradiction('queueFor', 'absent when there is no queue')
  reader.finish()
  return { concurrent: concurrent ?? 1, queue, queueForMs }
}

function readCache(reader: SettingsReader | undefined): GuardRules['cache'] {
  if (reader === undefined) return undefined
  const freshMs = reader.duration('fresh', durations) ?? 300_000
  const staleMs = reader.duration('stale', durations) ?? Math.max(freshMs, 3_600_000)
  if (staleMs < freshMs) reader.contradiction('stale', 'at least fresh')
  const entriesMax = reader.integer('entries', { min: 1, max: 1_000_000 }) ?? 1000
  const mark = reader.value('mark', 'the name of a property, or a function', (value) =>
    (typeof value === 'string' && value !== '') || typeof value === 'function' ? value : undefined,
  ) as CacheRules['mark'] | undefined
  reader.finish()
  return { freshMs, staleMs, entriesMax, mark: mark ?? 'stale' }
}

function readFallbacks(reader: SettingsReader): GuardRules['fallbacks'] {
  const fallback = reader.value('fallback', 'a function, or a list of functions', (value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value]
    return list.length > 0 && list.every((step) => typeof step === 'function') ? list : undefined
  })
  return Object.freeze([...((fallback ?? []) as GuardRules['fallbacks'])])
}

function readFunction<F>(reader: SettingsReader, key: string): F | undefined {
  return reader.value(key, 'a function', (value) => (typeof value === 'function' ? (value as F) : undefined))
}

function reportContradictions(reader: SettingsReader, rules: GuardRules): void {
  const { deadlineMs, overallMs } = rules
  if (!rules.idempotent && rules.retry !== undefined) reader.contradiction('retry', 'absent, or idempotent: true given')
  if (!rules.idempotent && rules.cache !== undefined) reader.contradiction('cache', 'absent, or idempotent: true given')
  if (deadlineMs !== undefined && overallMs !== undefined && overallMs < deadlineMs) {
    reader.contradiction('overall', 'at least deadline')
  }
}

function reportSlowerThanDeadline(reader: SettingsReader, { deadlineMs, breaker }: GuardRules): void {
  if (deadlineMs === undefined || breaker?.slowCallMs === undefined || breaker.slowCallMs < deadlineMs) return
  const deadline = formatDuration(deadlineMs)
  reader.contradiction('slowCall', `less than the deadline of ${deadline}, which ends a call before it is slow`)
}
