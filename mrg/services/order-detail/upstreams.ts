import { createUpstream } from '../../kernel/index.ts'

export type Upstreams = ReturnType<typeof createUpstreams>

export function createUpstreams(addresses: { readonly USER_SERVICE: string }) {
  return {
    riders: createUpstream('order-detail>user-service', addresses.USER_SERVICE, {
      deadline: '1s',
      idempotent: true,
      cache: { fresh: '5m', stale: '1h' },
      bulkhead: { concurrent: 20 },
      breaker: {
        window: '60s',
        minimumCalls: 20,
        failureRate: 0.4,
        consecutiveFailures: 5,
        openFor: '10s',
        probes: 10,
      },
    }),
  }
}
