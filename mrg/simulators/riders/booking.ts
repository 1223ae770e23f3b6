import { randomUUID } from 'node:crypto'
import { cart, order, type PaymentMethod, type Place, quote } from '../../contracts/booking.ts'
import { type Api, NotDoneError } from './api.ts'
import type { Ledger } from './ledger.ts'

export interface Wish {
  readonly phone: string
  readonly pickup: Place
  readonly dropoff: Place
  readonly paymentMethod: PaymentMethod
  /** When the rider wanted it, by `performance.now`. */
  readonly dueMs: number
}

/** `unordered`: it ended before an order was asked for. */
export type BookingResult =
  | { readonly outcome: 'acknowledged'; readonly key: string; readonly riderId: string; readonly orderId: string }
  | { readonly outcome: 'refused' | 'uncertain' | 'unordered' }

/** A rider books a taxi: a quote, a cart, an order. What the ledger says is said before the rider goes on. */
export async function book(wish: Wish, { api, ledger }: { api: Api; ledger: Ledger }): Promise<BookingResult> {
  const filled = await fillCart(wish, api)
  if (!filled) return { outcome: 'unordered' }
  const { riderId, cartId, fareIdr } = filled
  const { phone } = wish
  const key = randomUUID()
  ledger.append({ kind: 'intent', key, riderId, phone, fareIdr })
  const seen = () => ({ key, riderId, phone, fareIdr, latencyMs: Math.round(performance.now() - wish.dueMs) })
  try {
    const question = { path: '/v1/orders', body: { cartId }, key, answer: order.pick({ orderId: true }) }
    const { orderId } = await api.post(phone, question)
    ledger.append({ kind: 'acknowledged', ...seen(), orderId })
    return { outcome: 'acknowledged', key, riderId, orderId }
  } catch (error) {
    if (!(error instanceof NotDoneError)) throw error
    const outcome = error.isCertain ? 'refused' : 'uncertain'
    ledger.append({ kind: outcome, ...seen(), ...(error.status !== undefined && { status: error.status }) })
    return { outcome }
  }
}

/** Undefined when the platform would not. */
async function fillCart({ phone, pickup, dropoff, paymentMethod }: Wish, api: Api) {
  try {
    const riderId = await api.riderId(phone)
    const { quoteId, fareIdr } = await api.post(phone, {
      path: '/v1/quotes',
      body: { pickup, dropoff },
      answer: quote.pick({ quoteId: true, fareIdr: true }),
    })
    const { cartId } = await api.post(phone, {
      path: '/v1/carts',
      body: { quoteId, paymentMethod },
      answer: cart.pick({ cartId: true }),
    })
    return { riderId, cartId, fareIdr }
  } catch (error) {
    if (error instanceof NotDoneError) return undefined
    throw error
  }
}
