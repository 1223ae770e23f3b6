import { createUpstream } from '../../kernel/index.ts'

export type Upstreams = ReturnType<typeof createUpstreams>

export function createUpstreams(addresses: { readonly MESSAGING: string }) {
  return {
    messaging: createUpstream('notification>messaging-providers', addresses.MESSAGING, {
      deadline: '5s',
      bulkhead: { concurrent: 20 },
      breaker: {
        window: '60s',
        minimumCalls: 10,
        failureRate: 0.5,
        consecutiveFailures: 5,
        openFor: '30s',
        probes: 3,
      },
    }),
  }
}
