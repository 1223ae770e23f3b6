import * as z from 'zod'
import { createUpstream, type Upstream } from '../../kernel/index.ts'

export interface Upstreams {
  readonly users: Upstream
  readonly sessions: Upstream
  readonly payments: Upstream
  readonly taxis: Upstream
  readonly messages: Upstream
}

export interface Addresses {
  readonly USER_SERVICE: string
  readonly SESSION_MANAGER: string
  readonly PAYMENT_PROCESSOR: string
  readonly TAXI_PARTNER_GATEWAY: string
  readonly NOTIFICATION: string
}

/** Everything that is called for an order. Each call may be sent twice: orders, payments and taxis have the order's id. */
export function connectUpstreams(addresses: Addresses): Upstreams {
  const ofPeers = {
    window: '60s',
    minimumCalls: 20,
    failureRate: 0.4,
    consecutiveFailures: 5,
    openFor: '10s',
    probes: 10,
  } as const
  return {
    users: createUpstream('order-orchestrator>user-service', addresses.USER_SERVICE, {
      deadline: '2s',
      bulkhead: { concurrent: 50, queue: 50 },
      breaker: ofPeers,
      idempotent: true,
      cache: { fresh: '5m', stale: '1h' },
    }),
    sessions: createUpstream('order-orchestrator>session-manager', addresses.SESSION_MANAGER, {
      deadline: '5s',
      bulkhead: { concurrent: 50, queue: 50 },
      breaker: ofPeers,
    }),
    payments: createUpstream('order-orchestrator>payment-processor', addresses.PAYMENT_PROCESSOR, {
      deadline: '10s',
      bulkhead: { concurrent: 50, queue: 200 },
      breaker: { window: '30s', minimumCalls: 10, consecutiveFailures: 3, openFor: '15s', probes: 5 },
    }),
    taxis: createUpstream('order-orchestrator>taxi-partner-gateway', addresses.TAXI_PARTNER_GATEWAY, {
      deadline: '6s',
      bulkhead: { concurrent: 50, queue: 200 },
      breaker: { window: '60s', minimumCalls: 10, consecutiveFailures: 5, openFor: '30s', probes: 5 },
    }),
    messages: createUpstream('order-orchestrator>notification', addresses.NOTIFICATION, {
      deadline: '1s',
      bulkhead: { concurrent: 20, queue: 20 },
      breaker: { window: '30s', minimumCalls: 10, consecutiveFailures: 5, openFor: '15s', probes: 3 },
    }),
  }
}

export const anything = z.unknown()
