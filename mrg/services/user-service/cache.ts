import type { RedisLike } from '@linchpin/guard/adapters/redis'
import type { Logger } from 'pino'
import { CACHE_GUARD, createCache } from '../../kernel/index.ts'

/** A rider's profile that somebody else changed may be seen as it was for so long. */
export const PROFILE_LIFE_MS = 60_000

export function openProfiles(client: RedisLike, log: Logger) {
  return createCache('user-service>redis', { client, log, settings: CACHE_GUARD })
}
