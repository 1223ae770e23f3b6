import { BreakerOpenError, BulkheadFullError } from '@linchpin/guard'
import * as z from 'zod'
import type { PaymentMethod } from '../../contracts/booking.ts'
import { createUpstream, type Upstream, UpstreamError } from '../../kernel/index.ts'

const charge = z.object({
  chargeId: z.string(),
  reference: z.string(),
  status: z.enum(['authorised', 'pending', 'declined', 'captured', 'voided', 'refunded']),
  amountIdr: z.int(),
})
export type Charge = z.infer<typeof charge>

/**
 * One payment gateway. Everything asked of it carries a key, so that asking twice does it once. Rejects with the
 * guard's errors and `UpstreamError`; `surelyHoldsNothing` tells which of them leave no doubt.
 */
export interface Gateway {
  readonly name: string
  readonly webhookSecret: string
  readonly isOpen: () => boolean
  hold(order: { orderId: string; amountIdr: number; method: PaymentMethod }): Promise<Charge>
  find(orderId: string): Promise<Charge[]>
  read(chargeId: string): Promise<Charge>
  capture(chargeId: string, amountIdr: number): Promise<Charge>
  void(chargeId: string): Promise<Charge>
  refund(chargeId: string, amountIdr: number): Promise<Charge>
}

export interface GatewayOptions {
  readonly name: string
  readonly url: string
  readonly apiKey: string
  readonly webhookSecret: string
}

export function createGateway({ name, url, apiKey, webhookSecret }: GatewayOptions): Gateway {
  const upstream = createUpstream(`payment-processor>${name}`, url, {
    deadline: '3s',
    breaker: { window: '30s', minimumCalls: 10, failureRate: 0.3, consecutiveFailures: 3, openFor: '15s', probes: 5 },
    bulkhead: { concurrent: 20, queue: 20 },
  })
  const send = sender(upstream, apiKey)
  return {
    name,
    webhookSecret,
    isOpen: () => upstream.guard.describe().state.breaker?.state === 'open',
    hold: ({ orderId, amountIdr, method }) =>
      send('POST', '/v1/charges', { key: `${orderId}:hold`, body: { reference: orderId, amountIdr, method } }),
    async find(orderId) {
      const options = { answer: z.object({ charges: z.array(charge) }), headers: authorization(apiKey) }
      return (await upstream.call('GET', `/v1/charges?reference=${orderId}`, options)).charges
    },
    read: (chargeId) =>
      upstream.call('GET', `/v1/charges/${chargeId}`, { answer: charge, headers: authorization(apiKey) }),
    capture: (chargeId, amountIdr) =>
      send('POST', `/v1/charges/${chargeId}/capture`, { key: `${chargeId}:capture`, body: { amountIdr } }),
    void: (chargeId) => send('POST', `/v1/charges/${chargeId}/void`, { key: `${chargeId}:void`, body: {} }),
    refund: (chargeId, amountIdr) =>
      send('POST', `/v1/charges/${chargeId}/refund`, { key: `${chargeId}:refund`, body: { amountIdr } }),
  }
}

function sender(upstream: Upstream, apiKey: string) {
  return (method: string, path: string, { key, body }: { key: string; body: object }): Promise<Charge> =>
    upstream.call(method, path, {
      body,
      answer: charge,
      idempotent: true,
      headers: { ...authorization(apiKey), 'idempotency-key': key },
    })
}

function authorization(apiKey: string): Record<string, string> {
  return { authorization: `Bearer ${apiKey}` }
}

/** Whether `error` proves that the gateway did nothing: it was not asked, or it refused. */
export function surelyHoldsNothing(error: unknown): boolean {
  if (error instanceof BreakerOpenError || error instanceof BulkheadFullError) return true
  return error instanceof UpstreamError && error.status >= 400 && error.status < 500
}
