import { type BreakerSettings, readBreakerSettings } from './breaker/breaker-settings.ts'
import { LoneBreaker } from './breaker/lone-breaker.ts'
import { EventHub } from './events.ts'
import type { Fallback } from './fallback/fallback.ts'
import { Guard } from './guard.ts'
import type { Judge } from './outcome.ts'
import type { Duration } from './settings/duration.ts'
import { GuardConfigError } from './settings/guard-config-error.ts'
import {
  type BulkheadSettings,
  type GuardSettings,
  type RetrySettings,
  readGuardSettings,
} from './settings/guard-settings.ts'
import { SettingsReader } from './settings/settings-reader.ts'
import { type Clock, systemClock } from './time/clock.ts'

export interface AloneOptions {
  /** Used in errors. Default: the name of the policy. */
  readonly name?: string
  /** Default: the monotonic clock of the platform. */
  readonly clock?: Clock
  /** From 0 to 1; spreads retries. Default `Math.random`. */
  readonly random?: () => number
}

/**
 * A circuit breaker alone, the cheapest way to have one: no signal, no counters, no other policy.
 * Throws `GuardConfigError`.
 */
export function createBreaker(settings: BreakerSettings, options: AloneOptions & { judge?: Judge } = {}): LoneBreaker {
  const name = options.name ?? 'breaker'
  const reader = new SettingsReader(name, settings)
  const rules = readBreakerSettings(reader)
  const [first, ...rest] = reader.problems
  if (first !== undefined) throw new GuardConfigError([first, ...rest])
  return new LoneBreaker(rules, { name, clock: options.clock ?? systemClock, judge: options.judge ?? {} })
}

/** A deadline alone: the call rejects with `DeadlineError` and its signal aborts. Throws `GuardConfigError`. */
export function createDeadline(deadline: Duration, options: AloneOptions = {}): Guard {
  return alone({ deadline }, { name: 'deadline', ...options })
}

/** Retrying alone, for calls that are idempotent. Throws `GuardConfigError`. */
export function createRetry(retry: RetrySettings, options: AloneOptions = {}): Guard {
  return alone({ retry }, { name: 'retry', ...options })
}

/** A bulkhead alone. Throws `GuardConfigError`. */
export function createBulkhead(bulkhead: BulkheadSettings, options: AloneOptions = {}): Guard {
  return alone({ bulkhead }, { name: 'bulkhead', ...options })
}

/** Fallbacks alone. Throws `GuardConfigError`. */
export function createFallback<Input, Answer>(
  fallback: Fallback<Input, Answer> | readonly Fallback<Input, Answer>[],
  options: AloneOptions = {},
): Guard<Input, Answer> {
  return alone({ fallback }, { name: 'fallback', ...options })
}

/**
 * A policy alone does not know what the call means, so its outcome is nobody's question here: errors stay what they
 * are. `guard` is for whole dependencies.
 */
function alone<Input, Answer>(
  settings: GuardSettings<Input, Answer>,
  options: AloneOptions & { name: string },
): Guard<Input, Answer> {
  const { name, clock = systemClock, random = Math.random } = options
  const rules = readGuardSettings(name, { idempotent: true, ...settings })
  return new Guard(name, rules, { clock, random, events: new EventHub() })
}
