import { createUpstream } from '../../kernel/index.ts'

export type Upstreams = ReturnType<typeof createUpstreams>

interface Addresses {
  readonly GOOGLE_MAPS: string
  readonly HERE_MAPS: string
  readonly PRICE_MANAGER: string
}

const mapSettings = {
  deadline: '2s',
  bulkhead: { concurrent: 20 },
  breaker: {
    window: '30s',
    minimumCalls: 10,
    failureRate: 0.5,
    consecutiveFailures: 3,
    openFor: '20s',
    probes: 5,
  },
} as const

export function createUpstreams(addresses: Addresses) {
  return {
    googleMaps: createUpstream('session-manager>google-maps', addresses.GOOGLE_MAPS, mapSettings),
    hereMaps: createUpstream('session-manager>here-maps', addresses.HERE_MAPS, mapSettings),
    prices: createUpstream('session-manager>price-manager', addresses.PRICE_MANAGER, {
      deadline: '1s',
      bulkhead: { concurrent: 20 },
      breaker: {
        window: '30s',
        minimumCalls: 10,
        failureRate: 0.5,
        consecutiveFailures: 5,
        openFor: '10s',
        probes: 5,
      },
    }),
  }
}
