import { describe, expect, it } from 'vitest'
import type { Cache } from '../../kernel/index.ts'
import { pricesInRedis } from './last-prices.ts'

const zones = { from: { row: 1, column: 2 }, to: { row: 3, column: 4 } }
const HOUR_MS = 60 * 60 * 1000

/** A cache that never forgets by itself, and a clock. */
function rememberingCache() {
  const kept = new Map<string, unknown>()
  const cache: Cache = {
    get: async (key, shape) => shape.safeParse(kept.get(key)).data,
    put: async (key, value) => void kept.set(key, value),
    drop: async (key) => kept.delete(key),
  }
  const clock = { now: 0 }
  return { kept, clock, prices: pricesInRedis(cache, () => clock.now) }
}

describe('the last good price in Redis', () => {
  it('is the latest between the same zones, in this direction', async () => {
    const { prices } = rememberingCache()
    await prices.remember(zones, 50_000)
    await prices.remember(zones, 60_000)
    expect(await prices.findIdr(zones)).toBe(60_000)
    expect(await prices.findIdr({ from: zones.to, to: zones.from })).toBeUndefined()
  })

  it('is none after an hour, even when Redis still has it', async () => {
    const { prices, clock } = rememberingCache()
    await prices.remember(zones, 50_000)
    clock.now = HOUR_MS - 1
    expect(await prices.findIdr(zones)).toBe(50_000)
    clock.now = HOUR_MS
    expect(await prices.findIdr(zones)).toBeUndefined()
  })

  it('is none when what is there is no price', async () => {
    const { prices, kept } = rememberingCache()
    kept.set('price:1:2>3:4', { fareIdr: -1, at: 0 })
    expect(await prices.findIdr(zones)).toBeUndefined()
  })
})
