import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createCache } from './cache.ts'

const log = pino({ level: 'silent' })
const shape = z.object({ fareIdr: z.int() })
let made = 0

/** A cache over a Redis that keeps text, or that answers as `answer` says. */
function cacheOver(answer?: (words: readonly string[]) => Promise<unknown>) {
  const kept = new Map<string, string>()
  const sent: string[][] = []
  const remember = async ([command = '', key = '', value = '']: readonly string[]) => {
    if (command === 'GET') return kept.get(key) ?? null
    if (command === 'SET') return kept.set(key, value) && 'OK'
    return Number(kept.delete(key))
  }
  const call = async (...words: string[]) => {
    sent.push(words)
    return (answer ?? remember)(words)
  }
  const settings = { breaker: { consecutiveFailures: 2, openFor: '1m' } } as const
  return { cache: createCache(`shop-${++made}>redis`, { client: { call }, settings, log }), sent, kept }
}

describe('a cache', () => {
  it('finds what was put, and not what was dropped', async () => {
    const { cache, sent } = cacheOver()
    await cache.put('a', { fareIdr: 1 }, 60_000)
    expect(sent).toEqual([['SET', `shop-${made}:a`, '{"fareIdr":1}', 'PX', '60000']])
    expect(await cache.get('a', shape)).toEqual({ fareIdr: 1 })
    expect(await cache.drop('a')).toBe(true)
    expect(await cache.get('a', shape)).toBeUndefined()
  })

  it.each(['no json', '{"fareIdr":"1"}', 'null'])('finds nothing in %s', async (text) => {
    const { cache } = cacheOver(async () => text)
    expect(await cache.get('a', shape)).toBeUndefined()
  })

  it('is empty when Redis is gone, asks it no more once its breaker is open, and says that a drop is not sure', async () => {
    const { cache, sent } = cacheOver(async () => {
      throw new Error('Connection is closed.')
    })
    for (let i = 0; i < 5; i++) expect(await cache.get('a', shape)).toBeUndefined()
    await cache.put('a', { fareIdr: 1 }, 1)
    expect(await cache.drop('a')).toBe(false)
    expect(sent.length).toBe(2)
  })
})
