import { describe, expect, test } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { CallbackTimer, TimerWheel, timerWheelOf } from './timer-wheel.ts'

function given() {
  const clock = new FakeClock()
  const wheel = new TimerWheel(clock)
  const expired: [string, number][] = []
  const timer = (name: string) => new CallbackTimer(() => expired.push([name, clock.now()]))
  return { clock, wheel, expired, timer }
}

describe('the timer wheel', () => {
  test('expires entries in time, never early and at most one tick late', async () => {
    const { clock, wheel, expired, timer } = given()
    for (const delayMs of [0, 1, 9, 10, 11, 5000, 5119, 5120, 5121, 60_000]) {
      wheel.arm(timer(String(delayMs)), delayMs, clock.now())
    }
    await clock.advance(70_000)
    expect(expired).toHaveLength(10)
    for (const [delayMs, at] of expired) {
      expect(at).toBeGreaterThanOrEqual(Number(delayMs))
      expect(at).toBeLessThanOrEqual(Number(delayMs) + 10)
    }
  })

  test('is one timer however many entries are armed, and none when nothing is', async () => {
    const { clock, wheel, timer } = given()
    const entries = Array.from({ length: 1000 }, (_, index) => timer(String(index)))
    for (const entry of entries) wheel.arm(entry, 1000, clock.now())
    expect(clock.timers).toBe(1)
    for (const entry of entries) wheel.disarm(entry)
    await clock.advance(10)
    expect(clock.timers).toBe(0)
  })

  test('keeps the process alive while an armed entry holds it, and not for one that was let go', async () => {
    const { clock, wheel, expired, timer } = given()
    const entry = timer('a')
    wheel.arm(entry, 1000, clock.now())
    expect(clock.referencedTimers).toBe(1)
    wheel.letGo(entry)
    await clock.advance(10)
    expect([clock.timers, clock.referencedTimers]).toEqual([1, 0])
    const other = timer('b')
    wheel.arm(other, 100, clock.now())
    expect(clock.referencedTimers).toBe(1)
    await clock.advance(2000)
    expect(expired.map(([name]) => name)).toEqual(['b', 'a'])
    expect(clock.timers).toBe(0)
  })

  test('does not stretch a delay when the event loop was blocked for longer than a turn of the wheel', async () => {
    const { clock, wheel, expired, timer } = given()
    wheel.arm(timer('a'), 100, clock.now())
    wheel.arm(timer('b'), 8000, clock.now())
    await clock.block(10_000)
    await clock.advance(10)
    expect(expired.map(([name]) => name)).toEqual(['a', 'b'])
  })

  test('goes on after a rest at any time', async () => {
    const { clock, wheel, expired, timer } = given()
    wheel.arm(timer('a'), 5, clock.now())
    await clock.advance(100)
    clock.jump(1e9 + 3)
    wheel.arm(timer('b'), 25, clock.now())
    await clock.advance(40)
    expect(expired.map(([name]) => name)).toEqual(['a', 'b'])
  })

  test('takes an entry that is disarmed, armed again or let go twice', async () => {
    const { clock, wheel, expired, timer } = given()
    const entry = timer('a')
    wheel.disarm(entry)
    wheel.letGo(entry)
    wheel.arm(entry, 50, clock.now())
    wheel.disarm(entry)
    wheel.disarm(entry)
    wheel.arm(entry, 100, clock.now())
    wheel.letGo(entry)
    wheel.letGo(entry)
    await clock.advance(200)
    expect(expired).toEqual([['a', 100]])
    expect(clock.timers).toBe(0)
  })

  test('survives an entry that disarms another of the same moment, or arms one', async () => {
    const { clock, wheel, expired, timer } = given()
    const second = timer('second')
    const first = new CallbackTimer((now) => {
      wheel.disarm(second)
      wheel.arm(timer('third'), 0, now)
    })
    wheel.arm(first, 50, clock.now())
    wheel.arm(second, 50, clock.now())
    await clock.advance(100)
    expect(expired).toEqual([['third', 60]])
  })

  test('is the same for all guards on a clock', () => {
    const clock = new FakeClock()
    expect(timerWheelOf(clock)).toBe(timerWheelOf(clock))
    expect(timerWheelOf(clock)).not.toBe(timerWheelOf(new FakeClock()))
  })
})
