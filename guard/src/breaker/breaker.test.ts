import { describe, expect, test } from 'vitest'
import { createBreaker } from '../alone.ts'
import { SettingsReader } from '../settings/settings-reader.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Breaker, type BreakerTransition, refused } from './breaker.ts'
import { BreakerOpenError } from './breaker-open-error.ts'
import { type BreakerSettings, readBreakerSettings } from './breaker-settings.ts'

const opensAtOnce = { consecutiveFailures: 1, openFor: '30s', probes: 3, maxHalfOpen: '30s' } as const

/** A breaker on its own clock, with the results of calls as letters: `.` success, `x` failure, `s` slow, `X` both. */
function given(settings: BreakerSettings) {
  const clock = new FakeClock()
  const transitions: string[] = []
  const onTransition = ({ from, to }: BreakerTransition) => transitions.push(`${from} > ${to}`)
  const rules = readBreakerSettings(new SettingsReader('test', settings))
  const breaker = new Breaker(rules, { name: 'test', clock, onTransition })
  return { breaker, clock, transitions, play: (results: string) => play(breaker, clock, results) }
}

function play(breaker: Breaker, clock: FakeClock, results: string): void {
  for (const letter of results) {
    const ticket = breaker.admit()
    expect(ticket).not.toBe(refused)
    breaker.record(
      ticket,
      letter === 'x' || letter === 'X' ? 'failure' : 'success',
      letter === 's' || letter === 'X' ? 1000 : 1,
      clock.now(),
    )
  }
}

describe('rules that open it', () => {
  test('the failure rate opens it when the minimum of calls is reached, not before', () => {
    const { breaker, play } = given({ failureRate: 0.5, minimumCalls: 10 })
    play('x.x.x.x.x')
    expect(breaker.state).toBe('closed')
    play('.')
    expect(breaker.state).toBe('open')
  })

  test('a failure rate just below the threshold leaves it closed', () => {
    const { breaker, play } = given({ failureRate: 0.5, minimumCalls: 4 })
    play('..x.x.x')
    expect(breaker.state).toBe('closed')
    play('x')
    expect(breaker.state).toBe('open')
  })

  test('threshold 1.0 opens when everything fails, and only then', () => {
    const all = given({ failureRate: 1, minimumCalls: 5 })
    all.play('xxxxx')
    expect(all.breaker.state).toBe('open')
    const almost = given({ failureRate: 1, minimumCalls: 5 })
    almost.play('xxxx.xxxxx')
    expect(almost.breaker.state).toBe('closed')
  })

  test('7 failures of 100 reach a rate of 0.07', () => {
    const { breaker, play } = given({ window: 100, failureRate: 0.07, minimumCalls: 100 })
    play(`${'.'.repeat(93)}xxxxxx`)
    expect(breaker.state).toBe('closed')
    play('x')
    expect(breaker.state).toBe('open')
  })

  test('failures in a row open it without waiting for the minimum of calls', () => {
    const { breaker, play } = given({ consecutiveFailures: 3, minimumCalls: 100 })
    play('xx.xx')
    expect(breaker.state).toBe('closed')
    play('x')
    expect(breaker.state).toBe('open')
  })

  test('the rate of slow calls opens it, whatever their results', () => {
    const { breaker, play } = given({ slowCall: '1s', slowRate: 0.5, minimumCalls: 4 })
    play('.s.')
    expect(breaker.state).toBe('closed')
    play('s')
    expect(breaker.state).toBe('open')
  })

  test('a call is slow from exactly slowCall on', () => {
    const { breaker, clock } = given({ slowCall: '1s', slowRate: 1, minimumCalls: 2 })
    for (const durationMs of [1000, 999, 1000, 1000]) {
      breaker.record(breaker.admit(), 'success', durationMs, clock.now())
    }
    expect(breaker.describe().window).toMatchObject({ total: 4, slow: 3, failed: 0 })
    expect(breaker.state).toBe('closed')
  })

  test('without slowCall no call is slow', () => {
    const { breaker, clock } = given({ failureRate: 1, minimumCalls: 1 })
    breaker.record(breaker.admit(), 'success', 1e9, clock.now())
    expect(breaker.describe().window).toMatchObject({ total: 1, slow: 0 })
  })

  test('the failure rate applies by default, and not beside another rule that is given', () => {
    const byDefault = given({ minimumCalls: 2 })
    byDefault.play('x.')
    expect(byDefault.breaker.state).toBe('open')
    const byRow = given({ minimumCalls: 2, consecutiveFailures: 5 })
    byRow.play('x.x.x.')
    expect(byRow.breaker.state).toBe('closed')
    const bySlowness = given({ minimumCalls: 2, slowCall: '1s' })
    bySlowness.play('xxxxx')
    expect(bySlowness.breaker.state).toBe('closed')
  })

  test('either of two rules opens it', () => {
    const settings = { failureRate: 0.5, consecutiveFailures: 3, minimumCalls: 10 }
    const byRow = given(settings)
    byRow.play('xxx')
    expect(byRow.breaker.state).toBe('open')
    const byRate = given(settings)
    byRate.play('xx.xx.xx..')
    expect(byRate.breaker.state).toBe('open')
  })

  test('in-flight calls do not dilute the rate', () => {
    const { breaker, clock } = given({ failureRate: 0.5, minimumCalls: 5 })
    const tickets = Array.from({ length: 100 }, () => breaker.admit())
    for (const ticket of tickets.slice(0, 5)) breaker.record(ticket, 'failure', 1, clock.now())
    expect(breaker.state).toBe('open')
  })
})

describe('windows', () => {
  test('a window of calls remembers the last so many', () => {
    const { breaker, play } = given({ window: 4, failureRate: 0.5, minimumCalls: 4 })
    play('x...')
    play('....')
    expect(breaker.describe().window).toMatchObject({ total: 4, failed: 0 })
    play('x')
    expect(breaker.state).toBe('closed')
    play('.x')
    expect(breaker.state).toBe('open')
  })

  test('a window of calls forgets slow calls as it forgets failures', () => {
    const { breaker, play } = given({ window: 3, slowCall: '1s', slowRate: 1, minimumCalls: 3 })
    play('ss.')
    expect(breaker.describe().window).toMatchObject({ total: 3, slow: 2 })
    play('..')
    expect(breaker.describe().window).toMatchObject({ total: 3, slow: 0 })
    play('s.s')
    play('x')
    expect(breaker.describe().window).toMatchObject({ total: 3, slow: 1, failed: 1 })
    play('.')
    expect(breaker.describe().window).toMatchObject({ total: 3, slow: 1, failed: 1 })
  })

  test('a window of time forgets results as they become older than it', () => {
    const { breaker, clock, play } = given({
      window: '10s',
      failureRate: 1,
      slowCall: '1s',
      slowRate: 1,
      minimumCalls: 100,
    })
    play('xX')
    clock.jump(5000)
    play('.')
    expect(breaker.describe().window).toMatchObject({ total: 3, failed: 2, slow: 1 })
    clock.jump(4999)
    expect(breaker.describe().window).toMatchObject({ total: 3, failed: 2, slow: 1 })
    clock.jump(1)
    expect(breaker.describe().window).toMatchObject({ total: 1, failed: 0, slow: 0 })
    clock.jump(5000)
    expect(breaker.describe().window).toMatchObject({ total: 0 })
  })

  test.each([['60s'], [100]])(
    'idle time empties a window of %s: one failure after a quiet hour does not open it',
    (window) => {
      const { breaker, clock, play } = given({
        window: window as never,
        failureRate: 0.5,
        consecutiveFailures: 5,
        minimumCalls: 5,
      })
      play('x.xx')
      clock.jump(3_600_000)
      play('x')
      expect(breaker.state).toBe('closed')
      expect(breaker.describe().window).toEqual({ total: 1, failed: 1, slow: 0, consecutiveFailures: 1 })
    },
  )

  test('a run of failures does not reach across a quiet hour', () => {
    const { breaker, clock, play } = given({ window: '60s', consecutiveFailures: 3 })
    play('xx')
    clock.jump(3_600_000)
    play('xx')
    expect(breaker.state).toBe('closed')
    play('x')
    expect(breaker.state).toBe('open')
  })

  test('a window of calls is emptied by a silence of forgetAfter, not by a shorter one', () => {
    const { breaker, clock, play } = given({ window: 10, forgetAfter: '5s', minimumCalls: 10 })
    play('x.')
    clock.jump(4999)
    expect(breaker.describe().window.total).toBe(2)
    play('.')
    clock.jump(5000)
    expect(breaker.describe().window.total).toBe(0)
  })

  test('a blocked event loop does not stretch the window', () => {
    const { breaker, clock, play } = given({ window: '10s', failureRate: 0.5, minimumCalls: 4 })
    play('xx')
    clock.jump(25_000)
    play('x.')
    expect(breaker.describe().window.total).toBe(2)
    expect(breaker.state).toBe('closed')
  })

  test('the window is cleared on close, so one failure afterwards does not open it again', () => {
    const { breaker, clock, play } = given({ failureRate: 0.5, minimumCalls: 5, openFor: '1s', probes: 1 })
    play('xxxxx')
    clock.jump(1000)
    play('.')
    expect(breaker.state).toBe('closed')
    expect(breaker.describe().window.total).toBe(0)
    play('x')
    expect(breaker.state).toBe('closed')
  })

  test('a run of failures is forgotten on close', () => {
    const { breaker, clock, play } = given({
      consecutiveFailures: 2,
      failureRate: 1,
      minimumCalls: 50,
      openFor: '1s',
      probes: 1,
    })
    play('xx')
    clock.jump(1000)
    play('.x')
    expect(breaker.state).toBe('closed')
  })
})

describe('open', () => {
  test('it refuses every call until openFor has passed, and says when', () => {
    const { breaker, clock, play } = given(opensAtOnce)
    play('x')
    clock.jump(29_999)
    expect(breaker.admit()).toBe(refused)
    expect(breaker.refusal()).toMatchObject({ code: 'BREAKER_OPEN', dependency: 'test', retryAfterMs: 1 })
    expect(breaker.describe()).toMatchObject({ state: 'open', counters: { rejected: 1, limited: 0 } })
    clock.jump(1)
    expect(breaker.admit()).not.toBe(refused)
  })

  test('it half-opens only after its delay has passed, also when nobody calls', () => {
    const { breaker, clock, play } = given(opensAtOnce)
    play('x')
    clock.jump(29_999)
    expect(breaker.state).toBe('open')
    clock.jump(1)
    expect(breaker.state).toBe('half-open')
  })

  test('results of calls begun before it opened do not count after it: not in half-open, not after closing', () => {
    const { breaker, clock, play } = given({ ...opensAtOnce, probes: 1 })
    const [early, late] = [breaker.admit(), breaker.admit()]
    play('x')
    clock.jump(30_000)
    const probe = breaker.admit()
    breaker.record(early, 'success', 1, clock.now())
    expect(breaker.state).toBe('half-open')
    breaker.record(late, 'failure', 1, clock.now())
    expect(breaker.state).toBe('half-open')
    breaker.record(probe, 'success', 1, clock.now())
    expect(breaker.state).toBe('closed')
    breaker.record(early, 'failure', 1, clock.now())
    expect(breaker.describe()).toMatchObject({ state: 'closed', window: { total: 0 } })
  })

  test('a result that arrives while it is open changes nothing', () => {
    const { breaker, clock, play } = given(opensAtOnce)
    const early = breaker.admit()
    play('x')
    breaker.record(early, 'success', 1, clock.now())
    breaker.giveBack(early)
    expect(breaker.describe()).toMatchObject({ state: 'open', window: { total: 0 } })
  })
})

describe('half-open', () => {
  function halfOpen(settings: BreakerSettings = {}) {
    const setUp = given({ ...opensAtOnce, ...settings })
    setUp.play('x')
    setUp.clock.jump(30_000)
    return setUp
  }

  test('at most n probes run; everyone else is refused at once', () => {
    const { breaker } = halfOpen()
    const tickets = Array.from({ length: 200 }, () => breaker.admit())
    expect(tickets.filter((ticket) => ticket !== refused)).toHaveLength(3)
    expect(new Set(tickets).size).toBe(4)
    expect(breaker.describe().counters).toMatchObject({ rejected: 0, limited: 197 })
  })

  test('a refusal says when the oldest probe gives its place back at the latest', () => {
    const { breaker, clock } = halfOpen({ probes: 2, maxHalfOpen: '20s' })
    breaker.admit()
    clock.jump(5000)
    breaker.admit()
    clock.jump(1000)
    expect(breaker.admit()).toBe(refused)
    expect(breaker.refusal().retryAfterMs).toBe(14_000)
  })

  test('probes that have ended keep their places: n probes decide, not more', () => {
    const { breaker, play } = halfOpen()
    play('..')
    breaker.admit()
    expect(breaker.admit()).toBe(refused)
  })

  test('it closes when n probes have succeeded, not before', () => {
    const { breaker, play } = halfOpen()
    play('..')
    expect(breaker.state).toBe('half-open')
    play('.')
    expect(breaker.state).toBe('closed')
  })

  test('without a failure rate one failed probe opens it again, for the whole time', () => {
    const { breaker, clock, play } = halfOpen()
    play('.x')
    expect(breaker.state).toBe('open')
    clock.jump(29_999)
    expect(breaker.admit()).toBe(refused)
    clock.jump(1)
    expect(breaker.admit()).not.toBe(refused)
  })

  test('with a failure rate it opens again as soon as the rate of the n probes must be reached', () => {
    const { breaker, play } = halfOpen({ failureRate: 0.5, probes: 4 })
    play('x')
    expect(breaker.state).toBe('half-open')
    play('x')
    expect(breaker.state).toBe('open')
  })

  test('with a failure rate it closes if fewer probes failed', () => {
    const { breaker, play } = halfOpen({ failureRate: 0.5, probes: 4 })
    play('x...')
    expect(breaker.state).toBe('closed')
  })

  test('with a failure rate it closes as soon as the rate of the n probes cannot be reached, whatever the others do', () => {
    const { breaker, play } = halfOpen({ failureRate: 0.5, probes: 3 })
    breaker.admit()
    play('.')
    expect(breaker.state).toBe('half-open')
    play('.')
    expect(breaker.state).toBe('closed')
  })

  test('slow probes open it again', () => {
    const { breaker, play } = halfOpen({ slowCall: '1s', slowRate: 0.5, failureRate: 1, probes: 4 })
    play('s.')
    expect(breaker.state).toBe('half-open')
    play('s')
    expect(breaker.state).toBe('open')
  })

  test('an ignored probe neither closes nor opens it, and gives its permit back', () => {
    const { breaker, clock } = halfOpen({ probes: 1 })
    const ticket = breaker.admit()
    expect(breaker.admit()).toBe(refused)
    breaker.record(ticket, 'ignore', 1, clock.now())
    expect(breaker.state).toBe('half-open')
    expect(breaker.admit()).not.toBe(refused)
  })

  test('a probe that never ends gives its permit back after maxHalfOpen, and its late result does not count', () => {
    const { breaker, clock } = halfOpen({ probes: 1, maxHalfOpen: '10s' })
    const hung = breaker.admit()
    clock.jump(9999)
    expect(breaker.admit()).toBe(refused)
    clock.jump(1)
    const next = breaker.admit()
    expect(next).not.toBe(refused)
    breaker.record(hung, 'failure', 1, clock.now())
    expect(breaker.state).toBe('half-open')
    breaker.record(next, 'success', 1, clock.now())
    expect(breaker.state).toBe('closed')
  })

  test('a result later than maxHalfOpen does not count even if nobody has taken the permit', () => {
    const { breaker, clock } = halfOpen({ probes: 1, maxHalfOpen: '10s' })
    const hung = breaker.admit()
    clock.jump(10_000)
    breaker.record(hung, 'success', 1, clock.now())
    expect(breaker.state).toBe('half-open')
  })

  test('only the overdue permits come back; results of other probes stay counted', () => {
    const { breaker, clock } = halfOpen({ probes: 3, maxHalfOpen: '10s' })
    breaker.admit()
    clock.jump(5000)
    const second = breaker.admit()
    breaker.record(second, 'success', 1, clock.now())
    breaker.admit()
    clock.jump(5000)
    const tickets = [breaker.admit(), breaker.admit()]
    expect(tickets.map((ticket) => ticket === refused)).toEqual([false, true])
  })

  test('one result is not counted twice', () => {
    const { breaker, clock } = halfOpen({ probes: 2 })
    const ticket = breaker.admit()
    breaker.record(ticket, 'success', 1, clock.now())
    breaker.record(ticket, 'success', 1, clock.now())
    expect(breaker.state).toBe('half-open')
  })

  test('a ticket is current until its result is in, its time is over or the state changes', () => {
    const { breaker, clock, play } = given({ ...opensAtOnce, probes: 2 })
    const before = breaker.admit()
    expect(breaker.isCurrent(before)).toBe(true)
    play('x')
    expect(breaker.isCurrent(before)).toBe(false)
    clock.jump(30_000)
    const probe = breaker.admit()
    expect([breaker.isCurrent(before), breaker.isCurrent(probe)]).toEqual([false, true])
    breaker.record(probe, 'success', 1, clock.now())
    expect(breaker.isCurrent(probe)).toBe(false)
  })
})

describe('ramp-up', () => {
  test('after closing the share of admitted calls grows from a tenth to all over rampUp', () => {
    const { breaker, clock, play } = given({ ...opensAtOnce, probes: 1, rampUp: '10s' })
    play('x')
    clock.jump(30_000)
    play('.')
    expect(breaker.state).toBe('closed')
    const admitted = () =>
      Array.from({ length: 100 }, () => breaker.admit()).filter((ticket) => ticket !== refused).length
    const shares = [admitted()]
    clock.jump(5000)
    shares.push(admitted())
    clock.jump(4999)
    shares.push(admitted())
    clock.jump(1)
    shares.push(admitted())
    // A credit is a sum of fractions, so a share may be one off.
    expect(shares[0]).toBeOneOf([10, 11])
    expect(shares.slice(1, 2)).toEqual([50])
    expect(shares[2]).toBeOneOf([99, 100])
    expect(shares[3]).toBe(100)
    const limited = 400 - shares.reduce((sum, share) => sum + share)
    expect(breaker.describe().counters).toMatchObject({ rejected: 0, limited })
  })

  test('a refusal while ramping up names no time, and results count as in the closed state', () => {
    const { breaker, clock, play } = given({ ...opensAtOnce, probes: 1, rampUp: '10s' })
    play('x')
    clock.jump(30_000)
    play('.')
    const ticket = breaker.admit()
    expect(breaker.admit()).toBe(refused)
    expect(breaker.refusal().retryAfterMs).toBe(0)
    breaker.record(ticket, 'failure', 1, clock.now())
    expect(breaker.state).toBe('open')
  })

  test('calls begun while ramping up, and the first one after, count when all calls are admitted again', () => {
    const { breaker, clock, play } = given({ consecutiveFailures: 2, openFor: '30s', probes: 1, rampUp: '10s' })
    play('xx')
    clock.jump(30_000)
    play('.')
    const early = breaker.admit()
    clock.jump(10_000)
    const late = breaker.admit()
    for (const ticket of [early, late]) breaker.record(ticket, 'failure', 1, clock.now())
    expect(breaker.state).toBe('open')
  })
})

describe('modes', () => {
  test('forced open it refuses every call for as long as it is forced', () => {
    const { breaker, clock } = given({ ...opensAtOnce, mode: 'forced-open' })
    clock.jump(1e9)
    expect(breaker.admit()).toBe(refused)
    expect(breaker.refusal().retryAfterMs).toBe(0)
    expect(breaker.describe()).toMatchObject({ state: 'open', mode: 'forced-open', counters: { rejected: 1 } })
  })

  test('forced closed it admits and counts every call, and never opens', () => {
    const { breaker, play } = given({ ...opensAtOnce, mode: 'forced-closed' })
    play('xxxxx')
    expect(breaker.describe()).toMatchObject({ state: 'closed', window: { failed: 5, consecutiveFailures: 5 } })
  })

  test('disabled it admits every call and counts nothing', () => {
    const { breaker, play } = given({ ...opensAtOnce, mode: 'disabled' })
    const ticket = breaker.admit()
    expect(breaker.isCurrent(ticket)).toBe(true)
    play('xxxxx')
    expect(breaker.describe()).toMatchObject({ state: 'closed', window: { total: 0 } })
  })

  test('metrics-only it goes through its states and counts what it would have refused, but admits every call', () => {
    const { breaker, clock, transitions, play } = given({ ...opensAtOnce, probes: 1, mode: 'metrics-only' })
    play('x.x.')
    expect(breaker.describe()).toMatchObject({ state: 'open', counters: { rejected: 3, limited: 0 } })
    clock.jump(30_000)
    const probe = breaker.admit()
    play('x')
    expect(breaker.describe()).toMatchObject({ state: 'half-open', counters: { limited: 1 } })
    breaker.record(probe, 'success', 1, clock.now())
    expect(transitions).toEqual(['closed > open', 'open > half-open', 'half-open > closed'])
  })

  test('changing the mode starts anew: closed, empty, deaf to calls begun before', () => {
    const { breaker, clock, transitions, play } = given({ failureRate: 0.5, minimumCalls: 3 })
    play('xx')
    const before = breaker.admit()
    breaker.setMode('forced-open')
    breaker.setMode('forced-open')
    expect(breaker.mode).toBe('forced-open')
    breaker.setMode('normal')
    breaker.record(before, 'failure', 1, clock.now())
    expect(breaker.describe()).toMatchObject({ state: 'closed', window: { total: 0, consecutiveFailures: 0 } })
    expect(transitions).toEqual(['closed > open', 'open > closed'])
    expect(breaker.describe().counters.transitions).toBe(2)
  })

  test('freed from being disabled it counts again', () => {
    const { breaker, play } = given({ ...opensAtOnce, mode: 'disabled' })
    play('x')
    breaker.setMode('normal')
    play('x')
    expect(breaker.state).toBe('open')
  })
})

describe('refusals', () => {
  test('carry the cause, name the dependency and have no stack of frames', () => {
    const { breaker } = given({ mode: 'forced-open' })
    const cause = new Error('before')
    const error = breaker.refusal(cause)
    expect(error).toBeInstanceOf(BreakerOpenError)
    expect(error).toMatchObject({ name: 'BreakerOpenError', message: 'the breaker of test is open', cause })
    expect(error.stack).not.toContain('\n    at ')
    expect(Object.hasOwn(breaker.refusal(), 'cause')).toBe(false)
    expect(new Error('after').stack).toContain('\n    at ')
  })
})

describe('a breaker alone', () => {
  test('passes results and errors through, opens, and then refuses without calling', async () => {
    const clock = new FakeClock()
    const { breaker, run } = bind(createBreaker({ consecutiveFailures: 2 }, { name: 'alone', clock }))
    expect(await run(() => 'now')).toBe('now')
    expect(await run(async () => 'later')).toBe('later')
    const down = new Error('down')
    await expect(run(() => Promise.reject(down))).rejects.toBe(down)
    await expect(
      run(() => {
        throw down
      }),
    ).rejects.toBe(down)
    let calls = 0
    await expect(run(() => calls++)).rejects.toMatchObject({ code: 'BREAKER_OPEN', dependency: 'alone' })
    expect([calls, breaker.state]).toEqual([0, 'open'])
  })

  test('measures slow calls', async () => {
    const clock = new FakeClock()
    const { breaker, run } = bind(createBreaker({ slowCall: '1s', slowRate: 1, minimumCalls: 1 }, { clock }))
    await run(() => clock.jump(1000))
    expect(breaker.state).toBe('open')
  })

  test('judges results and errors, and survives a judge that throws or answers nonsense', async () => {
    const judge = {
      error: (error: unknown) => ((error as Error).message === 'not found' ? ('ignore' as const) : badJudge()),
      result: (result: unknown) => (result === 503 ? ('failure' as const) : ('nonsense' as never)),
    }
    const lone = createBreaker({ failureRate: 1, minimumCalls: 99 }, { clock: new FakeClock(), judge })
    await lone.run(() => 503)
    await lone.run(() => 200)
    await expect(lone.run(() => Promise.reject(new Error('not found')))).rejects.toThrow('not found')
    await expect(lone.run(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
    expect(lone.breaker.describe().window).toMatchObject({ total: 3, failed: 2 })
    expect(lone.hookErrors).toBe(2)
  })
})

function badJudge(): never {
  throw new Error('bug in a judge')
}

function bind(lone: ReturnType<typeof createBreaker>) {
  return { breaker: lone.breaker, run: <T>(run: () => T | PromiseLike<T>) => lone.run(run) }
}
