import type { RedisLike } from '@linchpin/guard/adapters/redis'
import type { Logger } from 'pino'
import { CACHE_GUARD, createCache } from '../../kernel/index.ts'

export function openPrices(client: RedisLike, log: Logger) {
  return createCache('session-manager>redis', { client, log, settings: CACHE_GUARD })
}
