import { describe, expect, test } from 'vitest'
import { createRetry } from '../alone.ts'
import { Registry } from '../registry/registry.ts'
import { createTestRegistry, fail, hang, outcomeOf, succeed } from '../testing/calls.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { backoffDelayMs } from './backoff.ts'
import { retryAfterMs } from './retry-after.ts'
import { RetryBudget } from './retry-budget.ts'

/** Runs a function that fails `failures` times, and the times at which its attempts began. */
function flaky(clock: FakeClock, failures: number, error: unknown = new Error('down')) {
  const begunAt: number[] = []
  const run = async () => {
    begunAt.push(clock.now())
    if (begunAt.length <= failures) throw error
    return 'ok'
  }
  return { run, begunAt }
}

describe('retry', () => {
  test('tries again after delays that double, and counts all attempts', async () => {
    const clock = new FakeClock()
    const retry = createRetry({ attempts: 4, firstDelay: '100ms' }, { clock, random: () => 1 })
    const { run, begunAt } = flaky(clock, 3)
    const call = retry.run(run)
    await clock.advance(2000)
    expect(await call).toBe('ok')
    expect(begunAt).toEqual([0, 100, 300, 700])
    expect(retry.describe().counters).toMatchObject({ retries: 3, failure: 3, success: 1 })
  })

  test('gives up with the last error when the attempts are used up', async () => {
    const clock = new FakeClock()
    const retry = createRetry({ attempts: 2 }, { clock })
    const { run, begunAt } = flaky(clock, 9)
    const call = outcomeOf(retry.run(run))
    await clock.advance(1000)
    expect(await call).toBe('down')
    expect(begunAt).toHaveLength(2)
  })

  test('tells each attempt its number and gives it its own signal', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', {
      deadline: '1s',
      idempotent: true,
      retry: { attempts: 2, firstDelay: '10ms' },
    })
    const seen: [number, AbortSignal][] = []
    const call = outcomeOf(
      guard.run((attempt) => {
        seen.push([attempt.attempt, attempt.signal])
        return attempt.attempt === 1 ? hang() : 'ok'
      }),
    )
    await clock.advance(1100)
    expect(await call).toBe('ok')
    expect(seen.map(([number, signal]) => [number, signal.aborted])).toEqual([
      [1, true],
      [2, false],
    ])
  })

  test('leaves alone what is judged no failure', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', { idempotent: true, retry: {}, judge: { error: () => 'ignore' } })
    expect(await outcomeOf(guard.run(fail))).toBe('down')
    expect(guard.describe().counters).toMatchObject({ ignored: 1, retries: 0 })
  })

  test('retries a result judged a failure, frees its body, and gives the last one to the caller', async () => {
    const { registry, clock } = createTestRegistry()
    const judge = { result: (result: unknown) => ((result as Response).status >= 500 ? 'failure' : 'success') } as const
    const guard = registry.guard('a>b', { idempotent: true, retry: { attempts: 2 }, judge })
    const cancelled: number[] = []
    const call = guard.run(
      ({ attempt }) =>
        new Response(new ReadableStream({ cancel: () => void cancelled.push(attempt) }), { status: 503 }),
    )
    await clock.advance(1000)
    expect((await call).status).toBe(503)
    expect(cancelled).toEqual([1])
    expect(guard.describe().counters).toMatchObject({ failure: 2, retries: 1 })
  })

  test('does not retry an open breaker, a full bulkhead or a call the caller declares not idempotent', async () => {
    const { registry } = createTestRegistry()
    const retry = { idempotent: true, retry: {} } as const
    const open = registry.guard('open', { ...retry, breaker: { mode: 'forced-open' } })
    const full = registry.guard('full', { ...retry, bulkhead: { concurrent: 1 } })
    void full.run(hang)
    const careful = registry.guard('careful', retry)
    const calls = [open.run(succeed), full.run(succeed), careful.run(fail, { idempotent: false })]
    expect(await Promise.all(calls.map(outcomeOf))).toEqual(['BREAKER_OPEN', 'BULKHEAD_FULL', 'down'])
    for (const guard of [open, full, careful]) expect(guard.describe().counters.retries).toBe(0)
  })

  test('when the breaker opens between attempts, the call ends with its refusal, caused by the failure before', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { idempotent: true, retry: {}, breaker: { consecutiveFailures: 1 } })
    const down = new Error('down')
    const call = guard.run(() => Promise.reject(down)).catch((error) => error)
    await clock.advance(1000)
    expect(await call).toMatchObject({ code: 'BREAKER_OPEN', cause: down })
  })

  test('aborting during the delay ends the call at once and starts no attempt', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { idempotent: true, retry: { firstDelay: '1s' } })
    const caller = new AbortController()
    const { run, begunAt } = flaky(clock, 9)
    const call = outcomeOf(guard.run(run, { signal: caller.signal }))
    await clock.advance(500)
    caller.abort()
    expect(await call).toBe('CALLER_ABORTED')
    expect(clock.now()).toBe(500)
    await clock.advance(60_000)
    expect(begunAt).toEqual([0])
  })

  test('does not begin a wait that would outlast the overall bound', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { idempotent: true, overall: '1s', retry: { firstDelay: '2s' } })
    expect(await outcomeOf(guard.run(fail))).toBe('down')
    expect(clock.now()).toBe(0)
  })
})

describe('Retry-After', () => {
  test('is waited for, instead of the delay', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { idempotent: true, retry: { attempts: 2, firstDelay: '10ms' } })
    const error = Object.assign(new Error('busy'), { response: { headers: new Headers({ 'retry-after': '3' }) } })
    const { run, begunAt } = flaky(clock, 1, error)
    const call = guard.run(run)
    await clock.advance(4000)
    expect(await call).toBe('ok')
    expect(begunAt).toEqual([0, 3000])
  })

  test('longer than delayMax ends the retrying', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', { idempotent: true, retry: { delayMax: '2s' } })
    const busy = Object.assign(new Error('busy'), { headers: { 'retry-after': '3' } })
    expect(await outcomeOf(guard.run(() => Promise.reject(busy)))).toBe('busy')
  })

  test.each([
    ['seconds on a response', { headers: new Headers({ 'Retry-After': '120' }) }, 120_000],
    ['a number in plain headers', { headers: { 'retry-after': 5 } }, 5000],
    ['on the cause of an error', { cause: { headers: { 'retry-after': '1' } } }, 1000],
    [
      "a date, compared with the response's own",
      { headers: { 'retry-after': 'Fri, 31 Dec 2027 23:59:59 GMT', date: 'Fri, 31 Dec 2027 23:59:49 GMT' } },
      10_000,
    ],
    [
      'a date that has passed',
      { headers: { 'retry-after': 'Fri, 31 Dec 2027 23:59:39 GMT', date: 'Fri, 31 Dec 2027 23:59:49 GMT' } },
      0,
    ],
    [
      'a date without another to compare it with',
      { headers: { 'retry-after': 'Fri, 31 Dec 2027 23:59:59 GMT' } },
      undefined,
    ],
    ['nonsense', { headers: { 'retry-after': 'soon' } }, undefined],
    ['nothing', new Error('down'), undefined],
    ['no object', null, undefined],
  ])('is read from %s', (_, answer, expected) => {
    expect(retryAfterMs(answer)).toBe(expected)
  })

  test('on an error object that throws when looked at, is not there', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { idempotent: true, retry: { attempts: 2 } })
    const strange = {
      get headers(): never {
        throw new Error('do not look')
      },
    }
    const { run } = flaky(clock, 1, strange)
    const call = outcomeOf(guard.run(run))
    await clock.advance(1000)
    expect(await call).toBe('ok')
  })
})

describe('backoff', () => {
  test('is exponential with full jitter, up to the longest delay', () => {
    const rules = { firstDelayMs: 100, delayMsMax: 1000 }
    expect([1, 2, 3, 4, 5, 50].map((retry) => backoffDelayMs(rules, retry, 1))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ])
    expect([0, 0.25].map((random) => backoffDelayMs(rules, 2, random))).toEqual([0, 50])
  })
})

describe('the retry budget', () => {
  test('allows retries for a tenth of the calls of the last 10 s', () => {
    const budget = new RetryBudget(0.1)
    for (let call = 0; call < 100; call++) budget.countCall(0)
    const allowed = Array.from({ length: 20 }, () => budget.trySpend(0)).filter(Boolean)
    expect(allowed).toHaveLength(10)
  })

  test('allows 3 retries however few the calls, and as many again when 10 s have passed', () => {
    const budget = new RetryBudget(0.1)
    budget.countCall(0)
    expect([1, 2, 3, 4].map(() => budget.trySpend(0))).toEqual([true, true, true, false])
    expect(budget.trySpend(9999)).toBe(false)
    expect([1, 2, 3, 4].map(() => budget.trySpend(10_000))).toEqual([true, true, true, false])
  })

  test('keeps the load on a dependency that is down near one attempt per call', async () => {
    const clock = new FakeClock()
    const guard = new Registry({ clock, random: () => 0 }).guard('a>b', { idempotent: true, retry: { attempts: 3 } })
    let attempts = 0
    const calls = Array.from({ length: 1000 }, () =>
      outcomeOf(
        guard.run(async () => {
          attempts++
          throw new Error('down')
        }),
      ),
    )
    await clock.advance(100)
    await Promise.all(calls)
    await settle()
    expect(attempts).toBe(1100)
    expect(guard.describe().counters.retriesDenied).toBeGreaterThan(800)
  })
})
