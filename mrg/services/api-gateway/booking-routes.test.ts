import { expect, it } from 'vitest'
import { createService } from '../../kernel/index.ts'
import { addBookingRoutes } from './booking-routes.ts'

const place = { lat: -6.2, lng: 106.82, address: 'Stasiun Gambir' }

it.each([
  [7, 'is given a quote'],
  [8, 'is told to come again'],
])('with %i carts and orders under way, somebody new %s', async (inFlight) => {
  const environment = { PORT: 0, HOST: '127.0.0.1', INSTANCE: '1', LOG_LEVEL: 'silent' }
  const { app } = await createService({ name: 'api-gateway', title: 'API Gateway', environment, needs: {} })
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
  const orders = { guard: { describe: () => ({ state: { inFlight } }) } }
  addBookingRoutes(app, { quotes: { call: async () => quote }, orders } as never)
  const answer = await app.inject({ method: 'POST', url: '/v1/quotes', body: { pickup: place, dropoff: place } })
  const { statusCode, headers } = answer
  if (inFlight < 8) expect([statusCode, answer.json().fareIdr]).toEqual([201, 20_000])
  else expect([statusCode, answer.json().code, headers['retry-after']]).toEqual([503, 'busy', '2'])
})
