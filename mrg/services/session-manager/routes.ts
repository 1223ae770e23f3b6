import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { Logger } from 'pino'
import * as z from 'zod'
import { type Quote, quote, quoteRequest } from '../../contracts/booking.ts'
import { type App, Problem, type Upstream } from '../../kernel/index.ts'
import { findRoute, type MapProvider } from './find-route.ts'
import type { LastPrices } from './last-prices.ts'
import { priceRide } from './price-ride.ts'
import type { Tables } from './tables.ts'
import { estimateRoute } from './tariff.ts'
import { straightLineM } from './zone.ts'

const QUOTE_LIFE_MS = 15 * 60 * 1000
const RIDE_M_MAX = 300_000

interface Options {
  readonly db: Kysely<Tables>
  /** In the order in which they are asked. */
  readonly maps: readonly MapProvider[]
  readonly prices: Upstream
  readonly lastPrices: LastPrices
  readonly log: Logger
}

export function addRoutes(app: App, { db, maps, prices, lastPrices, log }: Options): void {
  app.post('/quotes', { schema: { body: quoteRequest, response: { 201: quote } } }, async ({ body }, reply) => {
    const { pickup, dropoff } = body
    if (straightLineM(pickup, dropoff) > RIDE_M_MAX)
      throw new Problem(422, 'too-far', { detail: `A taxi ride is ${RIDE_M_MAX / 1000} km at most.` })
    const route = await findRoute({ from: pickup, to: dropoff }, { providers: maps, log })
    const price = await priceRide({ pickup, dropoff, route }, { lastPrices, prices, log })
    const { distanceM, durationS } = route ?? estimateRoute(pickup, dropoff)
    const made = await db
      .insertInto('quote')
      .values({
        quote_id: randomUUID(),
        pickup: JSON.stringify(pickup),
        dropoff: JSON.stringify(dropoff),
        distance_m: distanceM,
        duration_s: durationS,
        fare_idr: price.fareIdr,
        is_estimate: price.isEstimate,
        basis: price.basis,
        expires_at: new Date(Date.now() + QUOTE_LIFE_MS),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return reply.code(201).send(describe(made))
  })

  app.get(
    '/quotes/:quoteId',
    { schema: { params: z.object({ quoteId: z.uuid() }), response: { 200: quote } } },
    async ({ params }) => {
      const found = await db.selectFrom('quote').selectAll().where('quote_id', '=', params.quoteId).executeTakeFirst()
      if (!found) throw new Problem(404, 'quote-not-found', { detail: 'There is no such quote.' })
      if (found.expires_at.getTime() <= Date.now())
        throw new Problem(410, 'quote-expired', { detail: 'This quote has expired. Ask for a new one.' })
      return describe(found)
    },
  )
}

function describe(row: Selectable<Tables['quote']>): Quote {
  return {
    quoteId: row.quote_id,
    pickup: row.pickup,
    dropoff: row.dropoff,
    distanceM: row.distance_m,
    durationS: row.duration_s,
    fareIdr: row.fare_idr,
    isEstimate: row.is_estimate,
    basis: row.basis,
    expiresAt: row.expires_at.toISOString(),
  }
}
