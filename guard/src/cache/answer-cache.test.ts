import { describe, expect, test } from 'vitest'
import { createTestRegistry, fail, outcomeOf } from '../testing/calls.ts'
import { AnswerCache } from './answer-cache.ts'

const settings = { idempotent: true, cache: { fresh: '5m', stale: '1h' } } as const
const minute = 60_000

describe('the cache as a fallback', () => {
  test('gives the last good answer of the key as it was for 5 minutes, marked as stale for an hour, and then none', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('orders>user', settings)
    await guard.run(() => ({ name: 'Sari' }), { key: 'user-1' })
    clock.jump(5 * minute - 1)
    expect(await guard.run(fail, { key: 'user-1' })).toEqual({ name: 'Sari' })
    clock.jump(1)
    expect(await guard.run(fail, { key: 'user-1' })).toEqual({ name: 'Sari', stale: true })
    clock.jump(55 * minute - 1)
    expect(await guard.run(fail, { key: 'user-1' })).toEqual({ name: 'Sari', stale: true })
    clock.jump(1)
    expect(await outcomeOf(guard.run(fail, { key: 'user-1' }))).toBe('down')
    expect(guard.describe()).toMatchObject({
      counters: { cacheFresh: 1, cacheStale: 2 },
      state: { cache: { entries: 0 } },
    })
  })

  test('does not answer while the dependency does', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('orders>user', settings)
    await guard.run(() => ({ version: 1 }), { key: 'user-1' })
    expect(await guard.run(() => ({ version: 2 }), { key: 'user-1' })).toEqual({ version: 2 })
    expect(await guard.run(fail, { key: 'user-1' })).toEqual({ version: 2 })
  })

  test('answers for an open breaker', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('orders>user', { ...settings, breaker: {} })
    await guard.run(() => ({ name: 'Sari' }), { key: 'user-1' })
    guard.breaker?.setMode('forced-open')
    expect(await guard.run(fail, { key: 'user-1' })).toEqual({ name: 'Sari' })
  })

  test('keeps keys apart, keeps nothing without a key, and leaves the rest to the fallbacks', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('orders>user', { ...settings, fallback: () => 'nobody' })
    await guard.run(() => ({ name: 'Sari' }), { key: 'user-1' })
    await guard.run(() => ({ name: 'Budi' }))
    expect(await guard.run(fail, { key: 'user-1' })).toEqual({ name: 'Sari' })
    expect(await guard.run(fail, { key: 'user-2' })).toBe('nobody')
    expect(await guard.run(fail)).toBe('nobody')
    expect(guard.describe().state.cache).toEqual({ entries: 1 })
  })

  test('stays out of a call the caller declares not idempotent', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('orders>user', settings)
    await guard.run(() => ({ name: 'Sari' }), { key: 'user-1' })
    expect(await outcomeOf(guard.run(fail, { key: 'user-1', idempotent: false }))).toBe('down')
  })

  test('marks by another property or by a function, and never changes the kept answer', async () => {
    const { registry, clock } = createTestRegistry()
    const byName = registry.guard('by name', { idempotent: true, cache: { fresh: '1s', mark: 'isOld' } })
    const mark = (answer: unknown, ageMs: number) => `${answer} (${ageMs} ms old)`
    const byFunction = registry.guard('by function', { idempotent: true, cache: { fresh: '1s', mark } })
    const kept = { fare: 50_000 }
    await byName.run(() => kept, { key: 'fare' })
    await byFunction.run(() => 'IDR 50,000', { key: 'fare' })
    clock.jump(2000)
    expect(await byName.run(fail, { key: 'fare' })).toEqual({ fare: 50_000, isOld: true })
    expect(kept).toEqual({ fare: 50_000 })
    expect(await byFunction.run(fail, { key: 'fare' })).toBe('IDR 50,000 (2000 ms old)')
  })

  test('gives no stale answer that cannot be marked', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('orders>user', { idempotent: true, cache: { fresh: '1s' } })
    await guard.run(() => 'IDR 50,000', { key: 'fare' })
    clock.jump(2000)
    expect(await outcomeOf(guard.run(fail, { key: 'fare' }))).toBe('down')
    expect(guard.describe().counters.hookErrors).toBe(1)
  })

  test('is bounded: the key stored longest ago leaves first', () => {
    const cache = new AnswerCache({ freshMs: 1000, staleMs: 1000, entriesMax: 2, mark: 'stale' })
    for (const key of ['a', 'b', 'a', 'c']) cache.store(key, key, 0)
    expect(['a', 'b', 'c'].map((key) => cache.find(key, 0)?.value)).toEqual(['a', undefined, 'c'])
    expect(cache.size).toBe(2)
  })
})
