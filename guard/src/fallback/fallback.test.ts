import { describe, expect, test, vi } from 'vitest'
import { createFallback } from '../alone.ts'
import { createTestRegistry, fail, hang, outcomeOf, succeed } from '../testing/calls.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { FailedResultError } from './failed-result-error.ts'
import type { FallbackCall } from './fallback.ts'
import { leavesOutcomeUnknown } from './leaves-outcome-unknown.ts'
import { UnknownOutcomeError } from './unknown-outcome-error.ts'

describe('a fallback', () => {
  test('answers instead, and receives the error and the call', async () => {
    const seen: unknown[] = []
    const fallback = createFallback(
      (error, call: FallbackCall<{ order: number }>) => {
        seen.push((error as Error).message, call.input, call.key, call.attempts)
        return 'queued'
      },
      { clock: new FakeClock() },
    )
    expect(await fallback.run(fail, { input: { order: 7 }, key: 'order-7' })).toBe('queued')
    expect(seen).toEqual(['down', { order: 7 }, 'order-7', 1])
    expect(fallback.describe().counters).toMatchObject({ failure: 1, fallbackAnswers: 1 })
  })

  test('is not asked when the call succeeds', async () => {
    expect(await createFallback(() => 'other', { clock: new FakeClock() }).run(succeed)).toBe('ok')
  })

  test('answers for an open breaker and a full bulkhead, where nothing was sent', async () => {
    const { registry } = createTestRegistry()
    const fallback = (error: unknown, call: FallbackCall<unknown>) => [(error as { code: string }).code, call.attempts]
    const open = registry.guard('open', { breaker: { mode: 'forced-open' }, fallback })
    expect(await open.run(succeed)).toEqual(['BREAKER_OPEN', 0])
    const full = registry.guard('full', { bulkhead: { concurrent: 1 }, fallback })
    void full.run(hang)
    expect(await full.run(succeed)).toEqual(['BULKHEAD_FULL', 0])
  })

  test('of several, the first that does not throw answers; each receives the error of the call', async () => {
    const errors: unknown[] = []
    const note = (answer: () => string) => (error: unknown) => {
      errors.push((error as Error).message)
      return answer()
    }
    const refuse = () => {
      throw new Error('me too')
    }
    const chain = [note(refuse), note(() => 'second'), note(() => 'third')]
    expect(await createFallback(chain, { clock: new FakeClock() }).run(fail)).toBe('second')
    expect(errors).toEqual(['down', 'down'])
  })

  test('if none answers, the caller gets what the last one threw', async () => {
    const { registry } = createTestRegistry()
    const rethrow = (error: unknown) => {
      throw new Error('sorry', { cause: error })
    }
    const guard = registry.guard('a>b', { fallback: [fail, rethrow] })
    const error = await guard.run(fail).catch((thrown) => thrown)
    expect(error).toMatchObject({ message: 'sorry', cause: { message: 'down' } })
    expect(guard.describe().counters.fallbackAnswers).toBe(0)
  })

  test('is not asked for an error that is judged no failure', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', { fallback: () => 'other', judge: { error: () => 'ignore' } })
    expect(await outcomeOf(guard.run(fail))).toBe('down')
  })

  test('is not asked when the caller has given up, and its answer is dropped if the caller gives up meanwhile', async () => {
    const { registry } = createTestRegistry()
    const fallback = vi.fn((_: unknown) => hang())
    const guard = registry.guard('a>b', { fallback })
    const caller = new AbortController()
    const [hanging, failing] = [guard.run(hang, caller), guard.run(fail, caller)].map(outcomeOf)
    await Promise.resolve()
    await Promise.resolve()
    caller.abort()
    expect(await Promise.all([hanging, failing])).toEqual(['CALLER_ABORTED', 'CALLER_ABORTED'])
    expect(fallback).toHaveBeenCalledTimes(1)
  })

  test('that hangs is bounded by the deadline', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { deadline: '1s', idempotent: true, fallback: hang })
    const call = guard.run(fail).catch((error) => error)
    await clock.advance(1010)
    expect(await call).toMatchObject({ code: 'DEADLINE', scope: 'fallback' })
    expect(guard.describe().state.inFlight).toBe(0)
  })

  test('for a result judged a failure receives it, and if none answers the caller gets the result after all', async () => {
    const { registry } = createTestRegistry()
    const judge = { result: () => 'failure' as const }
    const answering = registry.guard('answers', { judge, fallback: (error) => error })
    const error = await answering.run(() => 503)
    expect(error).toBeInstanceOf(FailedResultError)
    expect(error).toMatchObject({ code: 'FAILED_RESULT', result: 503 })
    const passing = registry.guard('passes', {
      judge,
      fallback: (error) => {
        throw error
      },
    })
    expect(await passing.run(() => 503)).toBe(503)
  })
})

describe('an unknown outcome', () => {
  const broken = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
  const breakOff = () => Promise.reject(broken)

  test('is what a deadline leaves behind when the call is not idempotent', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { deadline: '5s' })
    const call = guard.run(hang).catch((error) => error)
    await clock.advance(5010)
    const error = await call
    expect(error).toBeInstanceOf(UnknownOutcomeError)
    expect(error).toMatchObject({ code: 'UNKNOWN_OUTCOME', dependency: 'a>b', cause: { code: 'DEADLINE' } })
    expect(guard.describe().counters).toMatchObject({ unknownOutcomes: 1, failure: 1 })
  })

  test('is what a broken connection leaves behind, whatever a judge thinks of the error', async () => {
    const { registry } = createTestRegistry()
    const plain = registry.guard('plain', {})
    expect(await plain.run(breakOff).catch((error) => error)).toMatchObject({ code: 'UNKNOWN_OUTCOME', cause: broken })
    const lenient = registry.guard('lenient', { judge: { error: () => 'ignore' } })
    expect(await outcomeOf(lenient.run(breakOff))).toBe('UNKNOWN_OUTCOME')
  })

  test('is what the overall bound leaves behind once an attempt has begun, and not before', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { overall: '5s', bulkhead: { concurrent: 1, queue: 1 } })
    const calls = [outcomeOf(guard.run(hang)), outcomeOf(guard.run(hang))]
    await clock.advance(5010)
    expect(await Promise.all(calls)).toEqual(['UNKNOWN_OUTCOME', 'DEADLINE'])
  })

  test('does not arise when the guard, or the call, is declared idempotent, or nothing was sent', async () => {
    const { registry } = createTestRegistry()
    expect(await outcomeOf(registry.guard('reads', { idempotent: true }).run(breakOff))).toBe('ECONNRESET')
    const writes = registry.guard('writes', {})
    expect(await outcomeOf(writes.run(breakOff, { idempotent: true }))).toBe('ECONNRESET')
    const refusal = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    expect(await outcomeOf(writes.run(() => Promise.reject(refusal)))).toBe('ECONNREFUSED')
  })

  test('is handled by a fallback that names it', async () => {
    const { registry, clock } = createTestRegistry()
    const done: string[] = []
    const guard = registry.guard('taxi-partner-gateway>bbd', {
      deadline: '5s',
      breaker: {
        window: '60s',
        minimumCalls: 10,
        failureRate: 0.5,
        consecutiveFailures: 5,
        slowCall: '3s',
        slowRate: 0.8,
        openFor: '30s',
        probes: 3,
        maxHalfOpen: '30s',
      },
      bulkhead: { concurrent: 50, queue: 20 },
      fallback: (error, call) =>
        error instanceof UnknownOutcomeError ? done.push(`look up ${call.input}`) : done.push(`queue ${call.input}`),
    })
    const call = guard.run(hang, { input: 'order 1' })
    await clock.advance(5010)
    await call
    await guard.run(fail, { input: 'order 2' })
    guard.breaker?.setMode('forced-open')
    await guard.run(succeed, { input: 'order 3' })
    expect(done).toEqual(['look up order 1', 'queue order 2', 'queue order 3'])
  })

  test('keeps the input from a fallback that does not name it, so it cannot send the order again', async () => {
    const { registry } = createTestRegistry()
    const sent: unknown[] = []
    const guard = registry.guard('a>b', { fallback: (_error, call) => sent.push(call.input) })
    expect(await outcomeOf(guard.run(breakOff, { input: 'order 1' }))).toBe('UNKNOWN_OUTCOME')
    expect(sent).toEqual([])
  })

  test('is not answered by a fallback that does not name it', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', { fallback: (_error) => 'fine' })
    expect(await outcomeOf(guard.run(breakOff))).toBe('UNKNOWN_OUTCOME')
    expect(guard.describe().counters.fallbackAnswers).toBe(0)
  })

  test('is never shown to a fallback without parameters, which cannot name it', async () => {
    const { registry } = createTestRegistry()
    let asked = 0
    const guard = registry.guard('a>b', { fallback: () => asked++ })
    expect(await outcomeOf(guard.run(breakOff))).toBe('UNKNOWN_OUTCOME')
    expect(asked).toBe(0)
  })

  test('passes the fallbacks that do not name it on to one that does', async () => {
    const { registry } = createTestRegistry()
    const blind = (_error: unknown, call: FallbackCall<string>) => `queued ${call.input}`
    const knowing = (error: unknown) => (error instanceof UnknownOutcomeError ? 'looked up' : 'queued')
    const guard = registry.guard('a>b', { fallback: [blind, knowing] })
    expect(await guard.run(breakOff, { input: 'order 1' })).toBe('looked up')
  })

  test('that one fallback has named is still unnamed for the next', async () => {
    const { registry } = createTestRegistry()
    const fails = (error: unknown): string => {
      throw error instanceof UnknownOutcomeError ? new Error('look-up is down') : error
    }
    const blind = (_error: unknown, call: FallbackCall<string>) => `queued ${call.input}`
    const guard = registry.guard('a>b', { fallback: [fails, blind] })
    expect(await outcomeOf(guard.run(breakOff, { input: 'order 1' }))).toBe('look-up is down')
  })

  test('gives a fallback that names it late all it needs', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', {
      fallback: async (error, call: FallbackCall<string>) => {
        await null
        return error instanceof UnknownOutcomeError ? `looked up ${call.input} ${call.key} ${call.attempts}` : 'queued'
      },
    })
    expect(await guard.run(breakOff, { input: 'order 1', key: 'k' })).toBe('looked up order 1 k 1')
  })
})

describe('a call that was cut off', () => {
  test.each([
    ['a reset socket', { code: 'ECONNRESET' }, true],
    ['the cause of a failed fetch', new TypeError('fetch failed', { cause: { code: 'UND_ERR_SOCKET' } }), true],
    ['a fetch that failed in a browser', new TypeError('Failed to fetch'), true],
    ['a bound on time the function set itself', AbortSignal.abort(new DOMException('', 'TimeoutError')).reason, true],
    ['what an adapter says', { code: 'CONNECTION_BROKEN' }, true],
    ['a timeout of an open socket', { code: 'ETIMEDOUT', syscall: 'read' }, true],
    ['a timeout of connecting', { code: 'ETIMEDOUT', syscall: 'connect' }, false],
    ['a refused connection', new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }), false],
    ['a bug in the function', new TypeError('x is not a function'), false],
    ['a thrown text', 'ECONNRESET', false],
    ['nothing', null, false],
  ])('is told from other errors: %s', (_, error, expected) => {
    expect(leavesOutcomeUnknown(error)).toBe(expected)
  })

  test('is looked for to a bounded depth, so a circle of causes ends', () => {
    const circle: { cause?: unknown } = {}
    circle.cause = circle
    expect(leavesOutcomeUnknown(circle)).toBe(false)
  })

  test('an error that throws when looked at settles the call all the same', async () => {
    const { registry } = createTestRegistry()
    const hostile = new Proxy(new Error('hostile'), {
      get: () => {
        throw new Error('do not look')
      },
    })
    let isSame = false
    await registry
      .guard('a>b', {})
      .run(() => Promise.reject(hostile))
      .catch((error) => {
        isSame = error === hostile
      })
    expect(isSame).toBe(true)
  })
})
