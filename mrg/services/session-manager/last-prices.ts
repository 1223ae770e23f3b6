import type { Kysely } from 'kysely'
import * as z from 'zod'
import { amountIdr } from '../../contracts/booking.ts'
import type { Cache } from '../../kernel/index.ts'
import type { Tables } from './tables.ts'
import { type Zone, zoneName } from './zone.ts'

/** An older price says too little about today's. */
const LIFE_MS = 60 * 60 * 1000

export interface Zones {
  readonly from: Zone
  readonly to: Zone
}

/** The last good price between two zones, of the last hour. */
export interface LastPrices {
  remember(zones: Zones, fareIdr: number): Promise<void>
  findIdr(zones: Zones): Promise<number | undefined>
}

export function pricesInDatabase(db: Kysely<Tables>): LastPrices {
  return {
    async remember({ from, to }, fareIdr) {
      const price = { fare_idr: fareIdr, priced_at: new Date() }
      await db
        .insertInto('last_good_price')
        .values({ from_zone: zoneName(from), to_zone: zoneName(to), ...price })
        .onConflict((conflict) => conflict.columns(['from_zone', 'to_zone']).doUpdateSet(price))
        .execute()
    },
    async findIdr({ from, to }) {
      const found = await db
        .selectFrom('last_good_price')
        .select('fare_idr')
        .where('from_zone', '=', zoneName(from))
        .where('to_zone', '=', zoneName(to))
        .where('priced_at', '>', new Date(Date.now() - LIFE_MS))
        .executeTakeFirst()
      return found?.fare_idr
    },
  }
}

const price = z.object({ fareIdr: amountIdr, at: z.int() })

/** Each price has its own time with it: how old it is does not rest on Redis having forgotten it. */
export function pricesInRedis(cache: Cache, now: () => number = Date.now): LastPrices {
  const keyOf = ({ from, to }: Zones) => `price:${zoneName(from)}>${zoneName(to)}`
  return {
    remember: (zones, fareIdr) => cache.put(keyOf(zones), { fareIdr, at: now() }, LIFE_MS),
    async findIdr(zones) {
      const found = await cache.get(keyOf(zones), price)
      return found && now() - found.at < LIFE_MS ? found.fareIdr : undefined
    },
  }
}
