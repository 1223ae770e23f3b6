import type { Logger } from 'pino'
import * as z from 'zod'
import { amountIdr, type Place, type Quote } from '../../contracts/booking.ts'
import type { Upstream } from '../../kernel/index.ts'
import type { Route } from './find-route.ts'
import type { LastPrices } from './last-prices.ts'
import { zoneTariffIdr } from './tariff.ts'
import { zoneOf } from './zone.ts'

const priceAnswer = z.object({ fareIdr: amountIdr })

interface Ride {
  readonly pickup: Place
  readonly dropoff: Place
  /** Undefined when no map provider could tell: then there is nothing to ask the Price Manager with. */
  readonly route: Route | undefined
}
type Price = Pick<Quote, 'fareIdr' | 'isEstimate' | 'basis'>
interface Sources {
  readonly lastPrices: LastPrices
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
    await sources.lastPrices.remember(zones, fareIdr)
    return { fareIdr, isEstimate: false, basis: 'price-manager' }
  }
  const lastIdr = await sources.lastPrices.findIdr(zones)
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
