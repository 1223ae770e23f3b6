import { describe, expect, test } from 'vitest'
import { createBulkhead } from '../alone.ts'
import { createTestRegistry, deferred, fail, hang, outcomeOf, succeed } from '../testing/calls.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'

describe('a bulkhead', () => {
  test('runs so many calls at once, lets so many wait, and turns the others away at once', async () => {
    const guard = createBulkhead({ concurrent: 2, queue: 1 }, { clock: new FakeClock() })
    const answers = [deferred(), deferred()]
    const running = answers.map((answer) => guard.run(() => answer.promise))
    const queued = guard.run(succeed)
    const error = await guard.run(succeed).catch((thrown) => thrown)
    expect(error).toMatchObject({
      code: 'BULKHEAD_FULL',
      name: 'BulkheadFullError',
      dependency: 'bulkhead',
      waitedMs: 0,
    })
    expect(guard.describe().state.bulkhead).toEqual({ running: 2, queued: 1 })
    answers[0]?.resolve('first')
    expect(await queued).toBe('ok')
    answers[1]?.resolve('second')
    expect(await Promise.all(running)).toEqual(['first', 'second'])
    expect(guard.describe().state.bulkhead).toEqual({ running: 0, queued: 0 })
  })

  test('gives a freed place to the one that has waited longest; a newcomer never overtakes it', async () => {
    const guard = createBulkhead({ concurrent: 1, queue: 5 }, { clock: new FakeClock() })
    const order: string[] = []
    const first = deferred()
    const note = (name: string) => async () => {
      order.push(name)
    }
    const calls = [guard.run(() => first.promise), guard.run(note('queued 1')), guard.run(note('queued 2'))]
    first.resolve('ok')
    // Newcomers arrive in every turn in which the place changes hands.
    for (let turn = 0; turn < 8; turn++) {
      await null
      if (turn < 3) calls.push(guard.run(note(`newcomer ${turn}`)))
    }
    await Promise.all(calls)
    expect(order).toEqual(['queued 1', 'queued 2', 'newcomer 0', 'newcomer 1', 'newcomer 2'])
  })

  test('never throws out an accepted call for a newcomer, also while the queue is full', async () => {
    const guard = createBulkhead({ concurrent: 1, queue: 1 }, { clock: new FakeClock() })
    const first = deferred()
    const running = guard.run(() => first.promise)
    const queued = outcomeOf(guard.run(succeed))
    const newcomers = Array.from({ length: 5 }, () => outcomeOf(guard.run(succeed)))
    first.resolve('ok')
    expect(await Promise.all(newcomers)).toEqual(Array(5).fill('BULKHEAD_FULL'))
    expect(await queued).toBe('ok')
    await running
  })

  test('an aborted call in the queue ends at once and frees its place in the queue', async () => {
    const guard = createBulkhead({ concurrent: 1, queue: 1 }, { clock: new FakeClock() })
    const first = deferred()
    const running = guard.run(() => first.promise)
    const caller = new AbortController()
    let calls = 0
    const queued = guard.run(() => calls++, { signal: caller.signal })
    caller.abort()
    expect(await queued.catch((error) => error)).toMatchObject({ code: 'CALLER_ABORTED', started: false })
    const next = guard.run(succeed)
    first.resolve('ok')
    expect(await next).toBe('ok')
    await running
    expect(calls).toBe(0)
  })

  test('a timed-out call still holds its place until it really ends', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { deadline: '1s', idempotent: true, bulkhead: { concurrent: 1 } })
    const slow = deferred()
    const call = outcomeOf(guard.run(() => slow.promise))
    await clock.advance(1010)
    expect(await call).toBe('DEADLINE')
    expect(await outcomeOf(guard.run(succeed))).toBe('BULKHEAD_FULL')
    slow.reject(new Error('at last'))
    await settle()
    expect(await guard.run(succeed)).toBe('ok')
  })

  test('an aborted call still holds its place until it really ends', async () => {
    const guard = createBulkhead({ concurrent: 1 }, { clock: new FakeClock() })
    const slow = deferred()
    const caller = new AbortController()
    const call = outcomeOf(guard.run(() => slow.promise, { signal: caller.signal }))
    caller.abort()
    expect(await call).toBe('CALLER_ABORTED')
    expect(await outcomeOf(guard.run(succeed))).toBe('BULKHEAD_FULL')
    slow.resolve('at last')
    await settle()
    expect(await guard.run(succeed)).toBe('ok')
  })

  test('a call waits no longer than queueFor, by default the deadline', async () => {
    const { registry, clock } = createTestRegistry()
    const settings = { deadline: '5s', idempotent: true } as const
    for (const [name, bulkhead, waitMs] of [
      ['given', { concurrent: 1, queue: 1, queueFor: '2s' }, 2000],
      ['by default', { concurrent: 1, queue: 1 }, 5000],
    ] as const) {
      const guard = registry.guard(name, { ...settings, bulkhead })
      void outcomeOf(guard.run(hang))
      const queued = guard.run(succeed).catch((error) => error)
      await clock.advance(waitMs + 10)
      expect(await queued).toMatchObject({ code: 'BULKHEAD_FULL', waitedMs: waitMs })
      expect(guard.describe()).toMatchObject({ counters: { bulkheadFull: 1 }, state: { bulkhead: { queued: 0 } } })
    }
  })

  test('turning calls away is no failure of the dependency and does not use up a permit', async () => {
    const { registry, clock } = createTestRegistry()
    const breaker = { consecutiveFailures: 1, openFor: '1s', probes: 2 } as const
    const guard = registry.guard('a>b', { breaker, bulkhead: { concurrent: 1 } })
    await outcomeOf(guard.run(fail))
    await clock.advance(1000)
    const probe = deferred()
    const first = guard.run(() => probe.promise)
    const turnedAway = [await outcomeOf(guard.run(succeed)), await outcomeOf(guard.run(succeed))]
    expect(turnedAway).toEqual(['BULKHEAD_FULL', 'BULKHEAD_FULL'])
    probe.resolve('ok')
    await first
    await guard.run(succeed)
    expect(guard.describe().state.breaker).toMatchObject({ state: 'closed' })
  })

  test('calls that waited while the breaker opened are refused, not sent', async () => {
    const { registry, clock } = createTestRegistry()
    const settings = {
      breaker: { consecutiveFailures: 1, openFor: '1s', probes: 2 },
      bulkhead: { concurrent: 1, queue: 9 },
    } as const
    const guard = registry.guard('a>b', settings)
    const first = deferred()
    const failing = outcomeOf(guard.run(() => first.promise))
    const queued = Array.from({ length: 5 }, () => outcomeOf(guard.run(succeed)))
    first.reject(new Error('down'))
    expect(await failing).toBe('down')
    expect(await Promise.all(queued)).toEqual(Array(5).fill('BREAKER_OPEN'))
    await clock.advance(0)
    expect(guard.describe().state.bulkhead).toEqual({ running: 0, queued: 0 })
  })

  test('calls that waited until the breaker is half-open run only as its probes', async () => {
    const { registry, clock } = createTestRegistry()
    const breaker = { consecutiveFailures: 1, openFor: '1s', probes: 2 } as const
    const guard = registry.guard('a>b', { breaker, bulkhead: { concurrent: 3, queue: 5, queueFor: '1h' } })
    const holders = [deferred(), deferred(), deferred()]
    for (const holder of holders) void guard.run(() => holder.promise)
    let started = 0
    const queued = Array.from({ length: 5 }, () => outcomeOf(guard.run(() => hang(started++))))
    guard.breaker?.record(guard.breaker.admit(), 'failure', 1, clock.now())
    await clock.advance(1000)
    for (const holder of holders) holder.resolve('ok')
    expect(await Promise.all(queued.slice(2))).toEqual(Array(3).fill('BREAKER_OPEN'))
    expect(started).toBe(2)
    expect(guard.describe().state).toMatchObject({
      bulkhead: { running: 2, queued: 0 },
      breaker: { state: 'half-open' },
    })
  })

  test('fifty thousand queued calls that end at once do not overflow the stack', async () => {
    const guard = createBulkhead({ concurrent: 1, queue: 100_000 }, { clock: new FakeClock() })
    const first = deferred()
    const running = guard.run(() => first.promise)
    const queued = Array.from({ length: 50_000 }, () => guard.run(() => 1))
    first.resolve('ok')
    expect((await Promise.all(queued)).length).toBe(50_000)
    await running
  })
})
