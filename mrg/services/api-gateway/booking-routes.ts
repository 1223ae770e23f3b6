import * as z from 'zod'
import { cart, cartRequest, order, orderRequest, place, quote, quoteRequest } from '../../contracts/booking.ts'
import { type App, Problem } from '../../kernel/index.ts'
import type { Upstreams } from './upstreams.ts'

/** A number in a query; an empty text, which would be 0, is none. */
const degrees = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'is not a number')
  .transform(Number)
const vacant = z.object({
  vehicleId: z.string(),
  lat: z.number(),
  lng: z.number(),
  kind: z.string(),
  plate: z.string(),
})
const vehicles = z.object({ vehicles: z.array(vacant) })

/**
 * A booking begins with a quote, so that is the door. While so many carts and orders are under way, nobody new comes in: those
 * who are in get their taxi, instead of everybody none. 30 bookings a second would have as many at 130 ms for each of both.
 */
const ORDERING_MAX = 8
/** Where none of them is answered for so long, it is no crowd but a failure, and fares are as good as ever. */
const CROWD_MS = 2_000

/** From the first look at a fare to the order. */
export function addBookingRoutes(app: App, { quotes, orders, taxis }: Upstreams): void {
  let answeredAt = Number.NEGATIVE_INFINITY
  const isCrowded = () =>
    orders.guard.describe().state.inFlight >= ORDERING_MAX && performance.now() - answeredAt < CROWD_MS
  const askForOrder: typeof orders.call = async (...question) => {
    const answer = await orders.call(...question)
    answeredAt = performance.now()
    return answer
  }

  app.post('/v1/quotes', { schema: { body: quoteRequest, response: { 201: quote } } }, async ({ body }, reply) => {
    if (isCrowded())
      throw new Problem(503, 'busy', { detail: 'Too many bookings at once. Try again soon.', retryAfterMs: 2_000 })
    return reply.code(201).send(await quotes.call('POST', '/quotes', { body, answer: quote, idempotent: true }))
  })

  app.post('/v1/carts', { schema: { body: cartRequest, response: { 201: cart } } }, async (request, reply) => {
    const body = { ...request.body, riderId: request.riderId }
    return reply.code(201).send(await askForOrder('POST', '/carts', { body, answer: cart, idempotent: true }))
  })

  app.post(
    '/v1/orders',
    {
      schema: {
        headers: z.object({ 'idempotency-key': z.string().min(1).max(100) }),
        body: orderRequest,
        response: { 201: order },
      },
    },
    async ({ riderId, headers, body }, reply) => {
      const made = await askForOrder('POST', '/orders', {
        body: { ...body, riderId },
        headers: { 'idempotency-key': headers['idempotency-key'] },
        answer: order,
        idempotent: true,
      })
      return reply.code(201).send(made)
    },
  )

  const near = z.object({ lat: degrees.pipe(place.shape.lat), lng: degrees.pipe(place.shape.lng) })
  app.get(
    '/v1/vehicles',
    { schema: { querystring: near, response: { 200: vehicles } } },
    async ({ query: { lat, lng } }) => taxis.call('GET', `/vehicles?lat=${lat}&lng=${lng}`, { answer: vehicles }),
  )
}
