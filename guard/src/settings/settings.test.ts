import { describe, expect, test } from 'vitest'
import { createBreaker, createBulkhead } from '../alone.ts'
import { Registry } from '../registry/registry.ts'
import { formatDuration, parseDuration } from './duration.ts'
import { GuardConfigError } from './guard-config-error.ts'

describe('bad settings raise a GuardConfigError that names the guard, the setting and the allowed range', () => {
  const aDuration = 'a duration with a unit (ms, s, m, h) from 1ms to 24h'
  const aShare = 'a number above 0, up to 1'

  test.each([
    [{ deadline: 5000 }, 'deadline', aDuration, '5000'],
    [{ deadline: '5' }, 'deadline', aDuration, '"5"'],
    [{ deadline: '-5s' }, 'deadline', aDuration, '"-5s"'],
    [{ deadline: '5 s' }, 'deadline', aDuration, '"5 s"'],
    [{ deadline: '0s' }, 'deadline', aDuration, '"0s"'],
    [{ overall: '25h' }, 'overall', aDuration, '"25h"'],
    [{ deadline: null }, 'deadline', aDuration, 'null'],
    [{ deadline: 5n }, 'deadline', aDuration, '5'],
    [{ idempotent: 'yes' }, 'idempotent', 'true or false', '"yes"'],
    [{ deadline: '5s', overall: '4s' }, 'overall', 'at least deadline', '"4s"'],
    [{ retry: {} }, 'retry', 'absent, or idempotent: true given', '{}'],
    [{ cache: {} }, 'cache', 'absent, or idempotent: true given', '{}'],
    [{ retry: 3, idempotent: true }, 'retry', 'an object of settings', '3'],
    [{ idempotent: true, retry: { attempts: 1 } }, 'retry.attempts', 'a whole number from 2 to 20', '1'],
    [{ idempotent: true, retry: { attempts: 2.5 } }, 'retry.attempts', 'a whole number from 2 to 20', '2.5'],
    [{ idempotent: true, retry: { budget: 0 } }, 'retry.budget', aShare, '0'],
    [
      { idempotent: true, retry: { firstDelay: '9s', delayMax: '8s' } },
      'retry.delayMax',
      'at least firstDelay',
      '"8s"',
    ],
    [{ breaker: { failureRate: 50 } }, 'breaker.failureRate', aShare, '50'],
    [{ breaker: { failureRate: Number.NaN } }, 'breaker.failureRate', aShare, 'null'],
    [{ breaker: { slowRate: 0.5 } }, 'breaker.slowRate', 'absent, or given together with slowCall', '0.5'],
    [{ breaker: { window: 20, minimumCalls: 21 } }, 'breaker.minimumCalls', 'at most the 20 calls of the window', '21'],
    [{ breaker: { window: 0 } }, 'breaker.window', windowAllowed(), '0'],
    [{ breaker: { window: '99ms' } }, 'breaker.window', windowAllowed(), '"99ms"'],
    [{ breaker: { window: 1.5 } }, 'breaker.window', windowAllowed(), '1.5'],
    [
      { breaker: { window: '1m', forgetAfter: '1m' } },
      'breaker.forgetAfter',
      'absent when the window is a duration, which forgets by itself',
      '"1m"',
    ],
    [
      { breaker: { mode: 'off' } },
      'breaker.mode',
      'one of normal, forced-open, forced-closed, disabled, metrics-only',
      '"off"',
    ],
    [
      { deadline: '5s', breaker: { slowCall: '5s' } },
      'breaker.slowCall',
      'less than the deadline of 5s, which ends a call before it is slow',
      '"5s"',
    ],
    [{ breaker: { probes: 0 } }, 'breaker.probes', 'a whole number from 1 to 10000', '0'],
    [{ bulkhead: {} }, 'bulkhead.concurrent', 'a whole number from 1 to 1000000', 'nothing'],
    [{ bulkhead: { concurrent: 1, queue: -1 } }, 'bulkhead.queue', 'a whole number from 0 to 1000000', '-1'],
    [{ bulkhead: { concurrent: 1, queueFor: '1s' } }, 'bulkhead.queueFor', 'absent when there is no queue', '"1s"'],
    [{ idempotent: true, cache: { fresh: '2h', stale: '1h' } }, 'cache.stale', 'at least fresh', '"1h"'],
    [{ idempotent: true, cache: { mark: '' } }, 'cache.mark', 'the name of a property, or a function', '""'],
    [{ fallback: 'manual dispatch' }, 'fallback', 'a function, or a list of functions', '"manual dispatch"'],
    [{ fallback: [] }, 'fallback', 'a function, or a list of functions', '[]'],
    [{ fallback: [() => 1, 2] }, 'fallback', 'a function, or a list of functions', '[null,2]'],
    [{ judge: { error: 'ignore' } }, 'judge.error', 'a function', '"ignore"'],
    [{ judge: { errors: () => 'ignore' } }, 'judge.errors', 'one of the settings error, result', '"errors"'],
    [
      { timeout: '5s' },
      'timeout',
      'one of the settings breaker, bulkhead, cache, deadline, fallback, idempotent, judge, overall, retry',
      '"timeout"',
    ],
    [null, '', 'an object of settings', 'null'],
  ])('%o: %s', (settings, setting, allowed, found) => {
    const error = thrownBy(() => new Registry().guard('a>b', settings as never))
    expect(error).toBeInstanceOf(GuardConfigError)
    expect(error).toMatchObject({ code: 'GUARD_CONFIG', dependency: 'a>b', setting, allowed })
    const where = setting === '' ? '' : ` ${setting}`
    expect(error.message).toBe(`guard "a>b"${where}: must be ${allowed}; found ${found}`)
  })

  test('with every mistake at once', () => {
    const error = thrownBy(() =>
      new Registry().guard('', { deadline: '5' as never, breaker: { probes: 0, openFor: '1' as never } }),
    )
    expect(error.problems.map(({ setting }) => setting)).toEqual([
      'name',
      'deadline',
      'breaker.openFor',
      'breaker.probes',
    ])
  })

  test('and a name that is not a text', () => {
    expect(thrownBy(() => new Registry().guard(undefined as never, {}))).toMatchObject({ setting: 'name' })
  })

  test('in policies alone, too', () => {
    expect(thrownBy(() => createBreaker({ probes: 0 }))).toMatchObject({ dependency: 'breaker', setting: 'probes' })
    expect(thrownBy(() => createBulkhead({ concurrent: 0 }))).toMatchObject({ setting: 'bulkhead.concurrent' })
  })

  function windowAllowed(): string {
    return 'a duration from 100ms to 24h, or a whole number of calls from 1 to 100000'
  }
})

test('a small window of calls lowers the default of minimumCalls', () => {
  const guard = new Registry().guard('a>b', { breaker: { window: 5 } })
  expect(guard.describe().settings.breaker).toMatchObject({ window: 5, minimumCalls: 5 })
})

test.each([
  ['250ms', 250],
  ['5s', 5000],
  ['1.5m', 90_000],
  ['1h', 3_600_000],
  ['5', undefined],
  ['s', undefined],
  ['1e3s', undefined],
  [5, undefined],
])('the duration %s is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  [0, '0ms'],
  [250, '250ms'],
  [1500, '1500ms'],
  [5000, '5s'],
  [90_000, '90s'],
  [120_000, '2m'],
  [7_200_000, '2h'],
])('%s ms are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

function thrownBy(run: () => unknown): GuardConfigError {
  try {
    run()
  } catch (error) {
    return error as GuardConfigError
  }
  throw new Error('nothing was thrown')
}
