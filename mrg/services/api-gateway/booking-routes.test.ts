import { expect, it } from 'vitest'
import { createService } from '../../kernel/index.ts'
import { addBookingRoutes } from './booking-routes.ts'

const place = { lat: -6.2, lng: 106.82, address: 'Stasiun Gambir' }
const quote = {
  quoteId: '6f1c1a0e-4c0f-4b57-9f5c-0d8a3e1f2b3c',
  pickup: place,
  dropoff: place,
  distanceM: 1_000,
  durationS: 300,
  fareIdr: 20_000,
  isEstimate: false,
  basis: 'price-manager',
  expiresAt: '2026-11-26T10:00:00.000Z',
}
const cart = { cartId: quote.quoteId, quote, paymentMethod: 'card', expiresAt: quote.expiresAt }

it.each([
  { inFlight: 7, isAnswered: true, status: 201, words: 'and 7 others under way' },
  { inFlight: 8, isAnswered: true, status: 503, words: 'and 8 others under way' },
  { inFlight: 8, isAnswered: false, status: 201, words: 'and nobody answered' },
])('with a cart made, $words, a quote is answered with $status', async ({ inFlight, isAnswered, status }) => {
  const environment = { PORT: 0, HOST: '127.0.0.1', INSTANCE: '1', LOG_LEVEL: 'silent' }
  const { app } = await createService({ name: 'api-gateway', title: 'API Gateway', environment, needs: {} })
  const call = async () => (isAnswered ? cart : Promise.reject(new Error('no answer')))
  const orders = { call, guard: { describe: () => ({ state: { inFlight } }) } }
  addBookingRoutes(app, { quotes: { call: async () => quote }, orders } as never)
  await app.inject({ method: 'POST', url: '/v1/carts', body: { quoteId: quote.quoteId, paymentMethod: 'card' } })
  const { statusCode, headers } = await app.inject({
    method: 'POST',
    url: '/v1/quotes',
    body: { pickup: place, dropoff: place },
  })
  expect([statusCode, headers['retry-after']]).toEqual([status, status === 503 ? '2' : undefined])
})
