import { describe, expect, test } from 'vitest'
import { createDeadline } from '../alone.ts'
import type { Call } from '../call/call.ts'
import { createTestRegistry, deferred, hang, outcomeOf, succeed } from '../testing/calls.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { CallerAbortedError } from './caller-aborted-error.ts'
import { DeadlineError } from './deadline-error.ts'

const withDeadline = { deadline: '5s', idempotent: true } as const

describe('a deadline', () => {
  test('ends an attempt that has not answered in time, not before, and at most one tick late', async () => {
    const { registry, clock } = createTestRegistry()
    const call = outcomeOf(registry.guard('a>b', withDeadline).run(hang))
    let ended = false
    void call.then(() => {
      ended = true
    })
    await clock.advance(4999)
    expect(ended).toBe(false)
    await clock.advance(11)
    expect(await call).toBe('DEADLINE')
  })

  test('aborts the signal, with the error as its reason', async () => {
    const { registry, clock } = createTestRegistry()
    let signal: AbortSignal | undefined
    const call = registry.guard('a>b', withDeadline).run((call) => {
      signal = call.signal
      return hang()
    })
    call.catch(() => undefined)
    await clock.advance(5010)
    const error = await call.catch((thrown) => thrown)
    expect(error).toBeInstanceOf(DeadlineError)
    expect(error).toMatchObject({ dependency: 'a>b', scope: 'attempt', afterMs: 5000 })
    expect(signal?.reason).toBe(error)
  })

  test('has aborted the signal also for a function that reads it only afterwards', async () => {
    const { registry, clock } = createTestRegistry()
    let late: Call | undefined
    const call = outcomeOf(
      registry.guard('a>b', withDeadline).run((call) => {
        late = call
        return hang()
      }),
    )
    await clock.advance(5010)
    await call
    expect(late?.signal.aborted).toBe(true)
    expect(late?.signal.reason).toBeInstanceOf(DeadlineError)
  })

  test('is not stretched by a blocked event loop', async () => {
    const { registry, clock } = createTestRegistry()
    const call = outcomeOf(registry.guard('a>b', withDeadline).run(hang))
    await clock.advance(100)
    await clock.block(60_000)
    await clock.advance(10)
    expect(await call).toBe('DEADLINE')
    expect(clock.now()).toBe(60_110)
  })

  test('does not disturb a call that answers in time', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', withDeadline)
    expect(await guard.run(succeed)).toBe('ok')
    await clock.advance(60_000)
    expect(guard.describe().counters).toMatchObject({ success: 1, deadlines: 0 })
  })

  test('drops what the function does after it', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { ...withDeadline, breaker: { consecutiveFailures: 9 } })
    const answer = deferred()
    const call = outcomeOf(guard.run(() => answer.promise))
    await clock.advance(5010)
    answer.resolve('late')
    await settle()
    expect(await call).toBe('DEADLINE')
    expect(guard.describe().counters).toMatchObject({ success: 0, failure: 1, deadlines: 1 })
  })

  test('works alone', async () => {
    const clock = new FakeClock()
    const call = outcomeOf(createDeadline('1s', { clock }).run(hang))
    await clock.advance(1010)
    expect(await call).toBe('DEADLINE')
  })

  test('longer than the wheel turns in one round still ends in time', async () => {
    const { registry, clock } = createTestRegistry()
    const call = outcomeOf(registry.guard('a>b', { deadline: '20s', idempotent: true }).run(hang))
    let ended = false
    void call.then(() => {
      ended = true
    })
    await clock.advance(19_999)
    expect(ended).toBe(false)
    await clock.advance(11)
    expect(ended).toBe(true)
  })
})

describe('the deadline of a response body', () => {
  function response(): { response: Response; cancelled: () => unknown } {
    let reason: unknown
    const body = new ReadableStream({
      cancel: (given) => {
        reason = given
      },
    })
    return { response: new Response(body), cancelled: () => reason }
  }

  test('aborts the signal while the body of the result is still being read', async () => {
    const { registry, clock } = createTestRegistry()
    let signal: AbortSignal | undefined
    const result = await registry.guard('a>b', withDeadline).run((call) => {
      signal = call.signal
      return response().response
    })
    expect(result).toBeInstanceOf(Response)
    await clock.advance(4999)
    expect(signal?.aborted).toBe(false)
    await clock.advance(11)
    expect(signal?.reason).toBeInstanceOf(DeadlineError)
  })

  test('does not keep the process alive once the call has its result', async () => {
    const { registry, clock } = createTestRegistry()
    await registry.guard('a>b', withDeadline).run((call) => {
      void call.signal
      return response().response
    })
    await clock.advance(10)
    expect([clock.timers, clock.referencedTimers]).toEqual([1, 0])
    await clock.advance(5010)
    expect(clock.timers).toBe(0)
  })

  test('lets the caller abort the body, and is then over', async () => {
    const { registry, clock } = createTestRegistry()
    const caller = new AbortController()
    let signal: AbortSignal | undefined
    const run = (call: Call) => {
      signal = call.signal
      return response().response
    }
    await registry.guard('a>b', withDeadline).run(run, { signal: caller.signal })
    caller.abort()
    expect(signal?.reason).toBeInstanceOf(CallerAbortedError)
    await clock.advance(10)
    expect(clock.timers).toBe(0)
  })

  test('with `until`, a body that hangs is a failure of the dependency and holds its place until it ends', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { ...withDeadline, bulkhead: { concurrent: 1 } })
    const body = deferred()
    const result = await guard.run((call) => {
      call.until(body.promise)
      return 'headers'
    })
    expect(result).toBe('headers')
    expect(await outcomeOf(guard.run(succeed))).toBe('BULKHEAD_FULL')
    await clock.advance(5010)
    expect(guard.describe()).toMatchObject({
      counters: { success: 0, failure: 1 },
      state: { bulkhead: { running: 1 } },
    })
    body.reject(new Error('aborted'))
    await settle()
    expect(guard.describe()).toMatchObject({ counters: { failure: 1 }, state: { bulkhead: { running: 0 } } })
  })

  test('with `until`, the attempt is judged by the end of the body', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', withDeadline)
    for (const body of [Promise.resolve(), Promise.reject(new Error('broken off'))]) {
      await guard.run((call) => call.until(body))
    }
    await settle()
    expect(guard.describe().counters).toMatchObject({ success: 1, failure: 1 })
  })
})

describe('the overall bound', () => {
  const retried = { idempotent: true, retry: { attempts: 10, firstDelay: '1s' } } as const

  test('ends the call whatever it is doing: an attempt, or the wait before one', async () => {
    const { registry, clock } = createTestRegistry()
    const hanging = outcomeOf(registry.guard('hangs', { ...retried, overall: '3s' }).run(hang))
    await clock.advance(3010)
    expect(await hanging).toBe('DEADLINE')
    const guard = registry.guard('fails', { ...retried, deadline: '2s', overall: '3s' })
    const call = guard.run(hang).catch((error) => error)
    await clock.advance(3010)
    expect(await call).toMatchObject({ code: 'DEADLINE', scope: 'attempt' })
  })

  test('ends a wait in the queue of the bulkhead, and frees the place in it', async () => {
    const { registry, clock } = createTestRegistry()
    const settings = { bulkhead: { concurrent: 1, queue: 1 }, overall: '3s' } as const
    const guard = registry.guard('a>b', settings)
    void outcomeOf(guard.run(hang))
    const queued = guard.run(succeed).catch((error) => error)
    await clock.advance(3010)
    expect(await queued).toMatchObject({ code: 'DEADLINE', scope: 'overall' })
    expect(guard.describe().state.bulkhead).toEqual({ running: 1, queued: 0 })
  })

  test('an attempt it cuts short of its own deadline is no failure of the dependency', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', {
      ...retried,
      deadline: '2s',
      overall: '3500ms',
      breaker: { minimumCalls: 99 },
    })
    const call = outcomeOf(guard.run(hang))
    await clock.advance(3510)
    expect(await call).toBe('DEADLINE')
    expect(guard.describe().counters).toMatchObject({ failure: 1, retries: 1, deadlines: 1 })
  })

  test('equal to the deadline, the cut attempt is a failure of the dependency', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { deadline: '2s', overall: '2s', idempotent: true })
    const call = outcomeOf(guard.run(hang))
    await clock.advance(2010)
    expect(await call).toBe('DEADLINE')
    expect(guard.describe().counters).toMatchObject({ failure: 1, deadlines: 1 })
  })
})

describe('a caller that gives up', () => {
  test('gets its own error at once, and the function is told through its signal', async () => {
    const { registry } = createTestRegistry()
    const caller = new AbortController()
    let signal: AbortSignal | undefined
    const run = (call: Call) => {
      signal = call.signal
      return hang()
    }
    const call = registry.guard('a>b', withDeadline).run(run, { signal: caller.signal })
    const reason = new Error('closed the app')
    caller.abort(reason)
    const error = await call.catch((thrown) => thrown)
    expect(error).toBeInstanceOf(CallerAbortedError)
    expect(error).toMatchObject({ code: 'CALLER_ABORTED', dependency: 'a>b', started: true, cause: reason })
    expect(signal?.reason).toBe(error)
  })

  test('before the call begins, starts nothing', async () => {
    const { registry } = createTestRegistry()
    let calls = 0
    const call = registry.guard('a>b', withDeadline).run(() => calls++, { signal: AbortSignal.abort('early') })
    expect(await call.catch((error) => error)).toMatchObject({ code: 'CALLER_ABORTED', started: false, cause: 'early' })
    expect(calls).toBe(0)
  })

  test('is no failure of the dependency, even if the function fails because of it', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', { ...withDeadline, breaker: { consecutiveFailures: 1 } })
    const caller = new AbortController()
    const listens = (call: Call) =>
      new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(call.signal.reason)))
    const calls = Array.from({ length: 5 }, () => outcomeOf(guard.run(listens, { signal: caller.signal })))
    caller.abort()
    expect(await Promise.all(calls)).toEqual(Array(5).fill('CALLER_ABORTED'))
    await settle()
    expect(guard.describe()).toMatchObject({
      counters: { failure: 0, ignored: 0, callerAborted: 5 },
      state: { breaker: { state: 'closed', window: { total: 0 } }, inFlight: 0 },
    })
  })

  test('does not disturb calls that have ended', async () => {
    const { registry } = createTestRegistry()
    const caller = new AbortController()
    const guard = registry.guard('a>b', withDeadline)
    await guard.run(succeed, { signal: caller.signal })
    caller.abort()
    expect(guard.describe().counters).toMatchObject({ success: 1, callerAborted: 0 })
  })

  test('a thousand concurrent calls on one signal cost it one listener, and abort together', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', withDeadline)
    const caller = new AbortController()
    let listeners = 0
    const add = caller.signal.addEventListener.bind(caller.signal)
    caller.signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    const calls = Array.from({ length: 1000 }, () => outcomeOf(guard.run(hang, { signal: caller.signal })))
    expect(listeners).toBe(1)
    caller.abort()
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['CALLER_ABORTED']))
  })
})

test('caller abort, deadline and open breaker are three different errors', async () => {
  const { registry, clock } = createTestRegistry()
  const guard = registry.guard('a>b', { ...withDeadline, breaker: { consecutiveFailures: 1 } })
  const caller = new AbortController()
  const aborted = outcomeOf(guard.run(hang, { signal: caller.signal }))
  caller.abort()
  const late = outcomeOf(guard.run(hang))
  await clock.advance(5010)
  const refusedCall = outcomeOf(guard.run(succeed))
  expect(await Promise.all([aborted, late, refusedCall])).toEqual(['CALLER_ABORTED', 'DEADLINE', 'BREAKER_OPEN'])
})
