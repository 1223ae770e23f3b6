import { expect, test } from 'vitest'
import { createTestRegistry, fail, hang, outcomeOf, succeed } from './testing/calls.ts'

test('a call goes through the policies in their order: fallback, retry, breaker, bulkhead, deadline', async () => {
  const { registry, clock } = createTestRegistry()
  const guard = registry.guard('a>b', {
    deadline: '1s',
    idempotent: true,
    retry: { attempts: 3, firstDelay: '100ms' },
    breaker: { consecutiveFailures: 2 },
    bulkhead: { concurrent: 2 },
    fallback: (error, call) => [(error as { code: string }).code, call.attempts],
  })
  const call = guard.run(hang)
  await clock.advance(5000)
  // Two attempts pass their deadlines, each keeping its place; they open the breaker, which refuses the third.
  expect(await call).toEqual(['BREAKER_OPEN', 2])
  expect(guard.describe()).toMatchObject({
    state: { inFlight: 0, bulkhead: { running: 2 }, breaker: { state: 'open' } },
    counters: { deadlines: 2, retries: 2, rejected: 1, fallbackAnswers: 1 },
  })
})

test('a guard without policies passes results and errors through', async () => {
  const { registry } = createTestRegistry()
  const guard = registry.guard('a>b', {})
  expect(await guard.run(() => 'now')).toBe('now')
  expect(await guard.run(succeed)).toBe('ok')
  expect(await outcomeOf(guard.run(fail))).toBe('down')
  const thrower = () => {
    throw new Error('at once')
  }
  expect(await outcomeOf(guard.run(thrower))).toBe('at once')
})

test('a thenable that misbehaves settles the call once', async () => {
  const { registry } = createTestRegistry()
  const guard = registry.guard('a>b', { bulkhead: { concurrent: 1 } })
  const chatty = {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested.
    then(resolve: (value: string) => void, reject: (error: Error) => void) {
      resolve('first')
      reject(new Error('second'))
    },
  }
  const hostile = {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested.
    get then(): never {
      throw new Error('do not look')
    },
  }
  expect(await guard.run(() => chatty as PromiseLike<string>)).toBe('first')
  expect(await outcomeOf(guard.run(() => hostile))).toBe('do not look')
  expect(guard.describe().state).toEqual({ inFlight: 0, bulkhead: { running: 0, queued: 0 } })
})

test('a probe of a call whose caller gave up keeps its permit until it ends', async () => {
  const { registry, clock } = createTestRegistry()
  const breaker = { consecutiveFailures: 1, openFor: '1s', probes: 1, maxHalfOpen: '10s' } as const
  const guard = registry.guard('a>b', { breaker })
  await outcomeOf(guard.run(fail))
  await clock.advance(1000)
  const caller = new AbortController()
  const probe = outcomeOf(guard.run(hang, { signal: caller.signal }))
  caller.abort()
  expect(await probe).toBe('CALLER_ABORTED')
  expect(await outcomeOf(guard.run(succeed))).toBe('BREAKER_OPEN')
  await clock.advance(10_000)
  expect(await guard.run(succeed)).toBe('ok')
  expect(guard.breaker?.state).toBe('closed')
})

test('a wall clock that steps by an hour changes nothing', async () => {
  const dateNow = Date.now
  const { registry, clock } = createTestRegistry()
  const guard = registry.guard('a>b', { deadline: '5s', idempotent: true, breaker: { consecutiveFailures: 1 } })
  try {
    const call = outcomeOf(guard.run(hang))
    Date.now = () => dateNow() - 3_600_000
    await clock.advance(5010)
    expect(await call).toBe('DEADLINE')
    Date.now = () => dateNow() + 3_600_000
    await clock.advance(29_000)
    expect(guard.breaker?.state).toBe('open')
    await clock.advance(1000)
    expect(guard.breaker?.state).toBe('half-open')
  } finally {
    Date.now = dateNow
  }
})

test('five thousand idle guards have no timer', async () => {
  const { registry, clock } = createTestRegistry()
  const settings = { deadline: '5s', overall: '9s', breaker: {}, bulkhead: { concurrent: 1 } } as const
  const guards = Array.from({ length: 5000 }, (_, index) => registry.guard(`guard ${index}`, settings))
  await Promise.all(guards.map((guard) => guard.run(succeed)))
  await clock.advance(10)
  expect(clock.timers).toBe(0)
})

test('a call in flight holds one timer of the process, however many there are', async () => {
  const { registry, clock } = createTestRegistry()
  const guard = registry.guard('a>b', { deadline: '5s', overall: '9s' })
  for (let call = 0; call < 100; call++) void outcomeOf(guard.run(hang))
  expect([clock.timers, clock.referencedTimers]).toEqual([1, 1])
  await clock.advance(20_000)
  expect(clock.timers).toBe(0)
})
