import { type Duration, parseDuration } from '../settings/duration.ts'
import type { SettingsReader } from '../settings/settings-reader.ts'
import type { WindowSettings } from './result-window.ts'

const breakerModes = ['normal', 'forced-open', 'forced-closed', 'disabled', 'metrics-only'] as const

/**
 * - `normal`: opens and closes by its rules.
 * - `forced-open`: refuses every call. `forced-closed`: admits every call and counts, but never opens.
 * - `disabled`: admits every call and counts nothing.
 * - `metrics-only`: opens and closes by its rules and counts what it would have refused, but admits every call.
 */
export type BreakerMode = (typeof breakerModes)[number]

/** What a user writes. If none of the three rules is given, `failureRate` is 0.5; otherwise only the given ones apply. */
export interface BreakerSettings {
  /** The results that count: those of the last so long, or the last so many calls. Default '60s'. */
  window?: Duration | number
  /** A window of calls is emptied by so long a silence. Default '5m'; only for a window of calls. */
  forgetAfter?: Duration
  /** Rates say nothing before so many results are in the window. Default 10. `consecutiveFailures` does not wait. */
  minimumCalls?: number
  /** Opens when this share of the results are failures, above 0 to 1. */
  failureRate?: number
  /** Opens after so many failures in a row. */
  consecutiveFailures?: number
  /** A call that takes so long or longer is slow, whatever its result. */
  slowCall?: Duration
  /** Opens when this share of the results are slow, above 0 to 1. Default 0.8 if `slowCall` is given. */
  slowRate?: number
  /** How long an open breaker refuses everything. Default '30s'. */
  openFor?: Duration
  /** How many calls a half-open breaker lets through to decide. Default 3. */
  probes?: number
  /** A probe that has not ended, or never will, gives its place back after so long. Default '30s'. */
  maxHalfOpen?: Duration
  /** After closing, the share of admitted calls grows from a tenth to all over so long. Default: all at once. */
  rampUp?: Duration
  /** Default 'normal'. */
  mode?: BreakerMode
}

/** The same, checked, in milliseconds. */
export interface BreakerRules {
  readonly window: WindowSettings
  readonly minimumCalls: number
  readonly failureRate: number | undefined
  readonly consecutiveFailures: number | undefined
  readonly slowCallMs: number | undefined
  readonly slowRate: number | undefined
  readonly openForMs: number
  readonly probes: number
  readonly maxHalfOpenMs: number
  readonly rampUpMs: number
  readonly mode: BreakerMode
}

const durations = { min: 1, max: 86_400_000 }

/** Checks the settings under `breaker` and fills in the defaults. Mistakes go to the reader's problems. */
export function readBreakerSettings(reader: SettingsReader): BreakerRules {
  const window = readWindow(reader)
  const minimumCalls = reader.integer('minimumCalls', { min: 1, max: 1_000_000 })
  const failureRate = reader.share('failureRate')
  const consecutiveFailures = reader.integer('consecutiveFailures', { min: 1, max: 1_000_000 })
  const slowCallMs = reader.duration('slowCall', durations)
  const slowRate = reader.share('slowRate')
  const named = reader.has('failureRate') || reader.has('consecutiveFailures') || reader.has('slowCall')
  const rules = {
    window,
    minimumCalls: minimumCalls ?? (window.kind === 'count' ? Math.min(10, window.calls) : 10),
    failureRate: named ? failureRate : 0.5,
    consecutiveFailures,
    slowCallMs,
    slowRate: slowCallMs === undefined ? undefined : (slowRate ?? 0.8),
    openForMs: reader.duration('openFor', durations) ?? 30_000,
    probes: reader.integer('probes', { min: 1, max: 10_000 }) ?? 3,
    maxHalfOpenMs: reader.duration('maxHalfOpen', durations) ?? 30_000,
    rampUpMs: reader.duration('rampUp', durations) ?? 0,
    mode: reader.oneOf('mode', breakerModes) ?? 'normal',
  }
  reportContradictions(reader, rules)
  reader.finish()
  return rules
}

function readWindow(reader: SettingsReader): WindowSettings {
  const forgetAfterMs = reader.duration('forgetAfter', durations)
  const window = reader.value(
    'window',
    'a duration from 100ms to 24h, or a whole number of calls from 1 to 100000',
    (value) => {
      const ms = parseDuration(value)
      if (ms !== undefined) return ms >= 100 && ms <= durations.max ? ({ kind: 'time', ms } as const) : undefined
      const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100_000
      return isCount ? ({ kind: 'count', calls: value, forgetAfterMs: forgetAfterMs ?? 300_000 } as const) : undefined
    },
  ) ?? { kind: 'time', ms: 60_000 }
  if (forgetAfterMs !== undefined && window.kind === 'time') {
    reader.contradiction('forgetAfter', 'absent when the window is a duration, which forgets by itself')
  }
  return window
}

function reportContradictions(reader: SettingsReader, rules: BreakerRules): void {
  if (reader.has('slowRate') && !reader.has('slowCall')) {
    reader.contradiction('slowRate', 'absent, or given together with slowCall')
  }
  if (rules.window.kind === 'count' && rules.minimumCalls > rules.window.calls) {
    reader.contradiction('minimumCalls', `at most the ${rules.window.calls} calls of the window`)
  }
}
