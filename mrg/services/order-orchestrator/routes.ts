import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import * as z from 'zod'
import {
  type Cart,
  cancelRequest,
  cart,
  cartRequest,
  order,
  orderRequest,
  quote,
  rider,
} from '../../contracts/booking.ts'
import { isFinal, orderMachine } from '../../contracts/states.ts'
import { type App, type Background, Problem } from '../../kernel/index.ts'
import { describeOrder, readOrder } from './move.ts'
import { createOrder } from './orders.ts'
import { bookingOf, type Sagas } from './saga.ts'
import type { Tables } from './tables.ts'
import type { Upstreams } from './upstreams.ts'

const CART_MS = 15 * 60_000
/** An instance with so many orders that it has not begun to work on takes no more: it would only make all of them late. */
const UNBEGUN_MAX = 20
const riderId = z.string().min(1).max(64)
const params = z.object({ orderId: z.uuid() })
const key = z.object({ 'idempotency-key': z.string().min(1).max(100) })

interface RouteContext {
  readonly db: Kysely<Tables>
  readonly upstreams: Upstreams
  readonly sagas: Sagas
  readonly outbox: Background
}

export function addRoutes(app: App, context: RouteContext): void {
  const { db, sagas, outbox } = context

  app.post(
    '/carts',
    {
      schema: {
        summary: 'A quote and a way to pay, kept for 15 minutes',
        body: cartRequest.extend({ riderId }),
        response: { 201: cart },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await createCart(context, body)),
  )

  app.post(
    '/orders',
    {
      schema: {
        summary: 'Order a taxi: acknowledged once it is committed',
        headers: key,
        body: orderRequest.extend({ riderId }),
        response: { 201: order },
      },
    },
    async ({ body, headers }, reply) => {
      if (sagas.unbegun >= UNBEGUN_MAX)
        throw new Problem(503, 'busy', { detail: 'Too many orders at once. Try again soon.', retryAfterMs: 2_000 })
      const row = await createOrder(db, { ...body, key: headers['idempotency-key'] })
      await sagas.book(bookingOf(row))
      outbox.nudge()
      return reply.code(201).send(describeOrder(row))
    },
  )

  app.get('/orders/:orderId', { schema: { params, response: { 200: order } } }, async ({ params: { orderId } }) =>
    describeOrder(await readOrder(db, orderId)),
  )

  app.post(
    '/orders/:orderId/cancel',
    {
      schema: {
        summary: 'Ask for an order to be called off',
        params,
        body: cancelRequest.extend({ riderId }),
        response: { 202: order },
      },
    },
    async ({ params: { orderId }, body }, reply) => {
      const row = await readOrder(db, orderId)
      if (row.rider_id !== body.riderId)
        throw new Problem(404, 'order-not-found', { detail: 'There is no such order.' })
      if (row.dispatch_state === 'ON_TRIP' || row.dispatch_state === 'DROP_OFF')
        throw new Problem(409, 'trip-begun', { detail: 'The trip has begun; it cannot be called off any more.' })
      if (!isFinal(orderMachine, row.state)) await sagas.undo(orderId, 'rider', body.reason)
      return reply.code(202).send(describeOrder(row))
    },
  )
}

async function createCart(
  { db, upstreams }: RouteContext,
  wish: z.infer<typeof cartRequest> & { riderId: string },
): Promise<Cart> {
  const [profile, priced] = await Promise.all([
    upstreams.users.call('GET', `/riders/${encodeURIComponent(wish.riderId)}`, {
      answer: rider,
      key: `rider ${wish.riderId}`,
    }),
    upstreams.sessions.call('GET', `/quotes/${wish.quoteId}`, { answer: quote }),
  ])
  if (!profile.paymentMethods.includes(wish.paymentMethod))
    throw new Problem(422, 'payment-method', { detail: 'The rider does not have this way to pay.' })
  const cartId = randomUUID()
  const expires = new Date(Date.now() + CART_MS)
  await db
    .insertInto('cart')
    .values({
      cart_id: cartId,
      rider_id: wish.riderId,
      rider: JSON.stringify({ name: profile.name, phone: profile.phone }),
      quote: JSON.stringify(priced),
      payment_method: wish.paymentMethod,
      expires_at: expires,
    })
    .execute()
  return { cartId, quote: priced, paymentMethod: wish.paymentMethod, expiresAt: expires.toISOString() }
}
