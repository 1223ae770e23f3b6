import { type GuardSettings, guard } from '@linchpin/guard'
import { guardedRedis, judgeRedis, type RedisLike } from '@linchpin/guard/adapters/redis'
import type { Logger } from 'pino'
import type * as z from 'zod'

/**
 * What can be made again, at hand. It may be empty, old by what its owner allows, or gone, and then nothing is found:
 * no call here rejects. What was put may be lost, because Redis acknowledges before its replica has it.
 */
export interface Cache {
  /** Undefined: not there, not of this shape, or nobody answers. */
  get<Value>(key: string, shape: z.ZodType<Value>): Promise<Value | undefined>
  put(key: string, value: unknown, lifeMs: number): Promise<void>
  /** False when nobody says that it is gone; it is then found until its life is over, at most. */
  drop(key: string): Promise<boolean>
}

export type CacheSettings = Omit<GuardSettings<unknown, never>, 'judge' | 'fallback'>

/** How MRG's services call Redis: without it nobody waits, and soon after it is back it is used again. */
export const CACHE_GUARD: CacheSettings = {
  deadline: '500ms',
  bulkhead: { concurrent: 50 },
  breaker: { window: '30s', minimumCalls: 10, failureRate: 0.5, consecutiveFailures: 5, openFor: '2s', probes: 3 },
}

/** A cache in Redis, every command through the guard `name`. Keys of services never meet: each has the guard's name. */
export function createCache(
  name: string,
  { client, settings, log }: { client: RedisLike; settings: CacheSettings; log: Logger },
): Cache {
  const send = guardedRedis(guard(name, { ...settings, judge: judgeRedis }), client)
  const keyOf = (key: string) => `${name.split('>')[0]}:${key}`
  const command = async (...words: [string, ...string[]]): Promise<unknown> => {
    try {
      return await send(words)
    } catch (error) {
      log.debug({ err: error, command: words[0] }, 'the cache does not answer')
      return undefined
    }
  }
  return {
    async get(key, shape) {
      const text = await command('GET', keyOf(key))
      return typeof text === 'string' ? shape.safeParse(readJson(text)).data : undefined
    },
    async put(key, value, lifeMs) {
      await command('SET', keyOf(key), JSON.stringify(value), 'PX', String(lifeMs))
    },
    async drop(key) {
      return (await command('DEL', keyOf(key))) !== undefined
    },
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
