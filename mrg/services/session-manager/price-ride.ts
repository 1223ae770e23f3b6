import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import * as z from 'zod'
import { amountIdr, type Place, type Quote } from '../../contracts/booking.ts'
import type { Upstream } from '../../kernel/index.ts'
import type { Route } from './find-route.ts'
import type { Tables } from './tables.ts'
import { zoneTariffIdr } from './tariff.ts'
import { type Zone, zoneName, zoneOf } from './zone.ts'

/** An older price says too little about today's. */
const LAST_GOOD_PRICE_MS_MAX = 60 * 60 * 1000

const priceAnswer = z.object({ fareIdr: amountIdr })

interface Ride {
  readonly pickup: Place
  readonly dropoff: Place
  /** Undefined when no map provider could tell: then there is nothing to ask the Price Manager with. */
  readonly route: Route | undefined
}
type Price = Pick<Quote, 'fareIdr' | 'isEstimate' | 'basis'>
interface Sources {
  readonly db: Kysely<Tables>
  readonly prices: Upstream
  readonly log: Logger
}

/** The fare from the Price Manager; else the last good one between these zones; else the zone tariff. */
export async function priceRide({ pickup, dropoff, route }: Ride, sources: Sources): Promise<Price> {
  const zones = { from: zoneOf(pickup), to: zoneOf(dropoff) }
  const tariff = { fareIdr: zoneTariffIdr(zones.from, zones.to), isEstimate: true, basis: 'zone-tariff' } as const
  if (route === undefined) return tariff
  const fareIdr = await askPrice(route, sources)
  if (fareIdr !== undefined) {
    await rememberPrice(sources.db, zones, fareIdr)
    return { fareIdr, isEstimate: false, basis: 'price-manager' }
  }
  const lastIdr = await lastGoodPriceIdr(sources.db, zones)
  return lastIdr === undefined ? tariff : { fareIdr: lastIdr, isEstimate: true, basis: 'last-good-price' }
}

async function askPrice(route: Route, { prices, log }: Sources): Promise<number | undefined> {
  const body = { product: 'taxi', ...route }
  try {
    const { fareIdr } = await prices.call('POST', '/prices', { body, answer: priceAnswer, idempotent: true })
    return fareIdr
  } catch (error) {
    log.debug({ err: error }, 'no price from the Price Manager')
    return undefined
  }
}

interface Zones {
  readonly from: Zone
  readonly to: Zone
}

async function rememberPrice(db: Kysely<Tables>, { from, to }: Zones, fareIdr: number): Promise<void> {
  const price = { fare_idr: fareIdr, priced_at: new Date() }
  await db
    .insertInto('last_good_price')
    .values({ from_zone: zoneName(from), to_zone: zoneName(to), ...price })
    .onConflict((conflict) => conflict.columns(['from_zone', 'to_zone']).doUpdateSet(price))
    .execute()
}

async function lastGoodPriceIdr(db: Kysely<Tables>, { from, to }: Zones): Promise<number | undefined> {
  const found = await db
    .selectFrom('last_good_price')
    .select('fare_idr')
    .where('from_zone', '=', zoneName(from))
    .where('to_zone', '=', zoneName(to))
    .where('priced_at', '>', new Date(Date.now() - LAST_GOOD_PRICE_MS_MAX))
    .executeTakeFirst()
  return found?.fare_idr
}
