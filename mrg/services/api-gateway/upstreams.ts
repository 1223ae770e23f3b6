import { createUpstream } from '../../kernel/index.ts'

export type Upstreams = ReturnType<typeof createUpstreams>

interface Addresses {
  readonly ORDER_ORCHESTRATOR: string
  readonly ORDER_DETAIL: string
  readonly SESSION_MANAGER: string
  readonly TAXI_PARTNER_GATEWAY: string
  readonly USER_SERVICE: string
}

/**
 * Every call of the gateway may be sent twice: it reads, or the service behind knows it again by its key. So each has
 * a second attempt, on another connection, when an instance dies under it.
 */
const guardSettings = {
  idempotent: true,
  retry: { attempts: 2, firstDelay: '50ms' },
  bulkhead: { concurrent: 30 },
  breaker: {
    window: '60s',
    minimumCalls: 20,
    failureRate: 0.5,
    consecutiveFailures: 10,
    // Those behind share one database: when it is there again after a failover, nobody waits for a breaker.
    openFor: '1s',
    probes: 3,
    // A question that an instance without a connection to it keeps waiting does not hold up the others.
    maxHalfOpen: '1s',
  },
} as const

/** Deadlines are longer than those of the services' own calls below. */
export function createUpstreams(addresses: Addresses) {
  return {
    orders: createUpstream('api-gateway>order-orchestrator', addresses.ORDER_ORCHESTRATOR, {
      ...guardSettings,
      deadline: '12s',
    }),
    orderViews: createUpstream('api-gateway>order-detail', addresses.ORDER_DETAIL, {
      ...guardSettings,
      deadline: '2s',
    }),
    quotes: createUpstream('api-gateway>session-manager', addresses.SESSION_MANAGER, {
      ...guardSettings,
      deadline: '6s',
    }),
    taxis: createUpstream('api-gateway>taxi-partner-gateway', addresses.TAXI_PARTNER_GATEWAY, {
      ...guardSettings,
      deadline: '6s',
    }),
    riders: createUpstream('api-gateway>user-service', addresses.USER_SERVICE, { ...guardSettings, deadline: '2s' }),
  }
}
