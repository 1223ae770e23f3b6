import type { RedisLike } from '@linchpin/guard/adapters/redis'
import type { Logger } from 'pino'
import { createCache } from '../../kernel/index.ts'

/** A rider's profile that somebody else changed may be seen as it was for so long. */
export const PROFILE_LIFE_MS = 60_000

export function openProfiles(client: RedisLike, log: Logger) {
  return createCache('user-service>redis', {
    client,
    log,
    settings: {
      deadline: '500ms',
      bulkhead: { concurrent: 50 },
      breaker: {
        window: '30s',
        minimumCalls: 10,
        failureRate: 0.5,
        consecutiveFailures: 5,
        openFor: '2s',
        probes: 3,
      },
    },
  })
}
