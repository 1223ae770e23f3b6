import type { Kysely, Selectable } from 'kysely'
import * as z from 'zod'
import { place, type Rider, rider } from '../../contracts/booking.ts'
import { type App, type Cache, Problem } from '../../kernel/index.ts'
import { PROFILE_LIFE_MS } from './cache.ts'
import type { Tables } from './tables.ts'

const FAVOURITES_MAX = 20

/** `profiles` is undefined where there is no Redis. */
export function addRoutes(app: App, { db, profiles }: { db: Kysely<Tables>; profiles: Cache | undefined }): void {
  const read = async (by: 'rider_id' | 'phone', value: string): Promise<Rider> => {
    const kept = await profiles?.get(`${by}:${value}`, rider)
    if (kept) return kept
    const found = describe(await find(db, by, value))
    await profiles?.put(`${by}:${value}`, found, PROFILE_LIFE_MS)
    return found
  }

  app.get(
    '/riders/:riderId',
    { schema: { params: z.object({ riderId: z.string().max(64) }), response: { 200: rider } } },
    ({ params }) => read('rider_id', params.riderId),
  )

  app.get(
    '/riders',
    { schema: { querystring: z.object({ phone: z.string().max(20) }), response: { 200: rider } } },
    ({ query }) => read('phone', query.phone),
  )

  app.put(
    '/riders/:riderId/favourites/:label',
    {
      schema: {
        params: z.object({ riderId: z.string().max(64), label: z.string().min(1).max(40) }),
        body: place,
        response: { 200: rider },
      },
    },
    async ({ params, body }) => {
      const changed = await db.transaction().execute(async (transaction) => {
        const { favourites } = await find(transaction, 'rider_id', params.riderId, 'for update')
        const others = favourites.filter(({ label }) => label !== params.label)
        if (others.length >= FAVOURITES_MAX)
          throw new Problem(409, 'too-many-favourites', { detail: `A rider has ${FAVOURITES_MAX} favourites at most.` })
        return transaction
          .updateTable('rider')
          .set({ favourites: JSON.stringify([...others, { label: params.label, place: body }]) })
          .where('rider_id', '=', params.riderId)
          .returningAll()
          .executeTakeFirstOrThrow()
      })
      await Promise.all([profiles?.drop(`rider_id:${changed.rider_id}`), profiles?.drop(`phone:${changed.phone}`)])
      return describe(changed)
    },
  )
}

async function find(db: Kysely<Tables>, by: 'rider_id' | 'phone', value: string, lock?: 'for update') {
  const query = db.selectFrom('rider').selectAll().where(by, '=', value)
  const found = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!found) throw new Problem(404, 'rider-not-found', { detail: 'There is no such rider.' })
  return found
}

function describe(row: Selectable<Tables['rider']>): Rider {
  return {
    riderId: row.rider_id,
    name: row.name,
    phone: row.phone,
    favourites: row.favourites,
    paymentMethods: row.payment_methods,
  }
}
