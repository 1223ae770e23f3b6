import type { RedisLike } from '@linchpin/guard/adapters/redis'
import type { Logger } from 'pino'
import { createCache } from '../../kernel/index.ts'

export function openPrices(client: RedisLike, log: Logger) {
  return createCache('session-manager>redis', {
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
