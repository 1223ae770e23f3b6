import { type Kysely, sql } from 'kysely'
import type * as z from 'zod'
import type { dispatchRequest } from '../../contracts/booking.ts'
import { tellOthers } from './move.ts'
import type { Tables } from './tables.ts'

/** Asking again changes nothing. An order that was called off before it came is called off. */
export async function openDispatch(
  db: Kysely<Tables>,
  orderId: string,
  { pickup, dropoff, rider, fareIdr }: z.infer<typeof dispatchRequest>,
): Promise<void> {
  await inTurnFor(db, orderId, async (transaction) => {
    const calledOff = await transaction
      .selectFrom('called_off')
      .select('order_id')
      .where('order_id', '=', orderId)
      .executeTakeFirst()
    const opened = await transaction
      .insertInto('dispatch')
      .values({
        order_id: orderId,
        pickup: JSON.stringify(pickup),
        dropoff: JSON.stringify(dropoff),
        rider: JSON.stringify(rider),
        fare_idr: fareIdr,
        state: calledOff ? 'CANCELED' : 'PENDING_DISPATCH',
        version: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    // Nothing else will become of it that could be told.
    if (opened && calledOff) await tellOthers(transaction, opened)
  })
}

/** Opening an order and calling it off do not run at the same time: whichever comes second sees the first. */
function inTurnFor(
  db: Kysely<Tables>,
  orderId: string,
  work: (transaction: Kysely<Tables>) => Promise<void>,
): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${orderId}, 0))`.execute(transaction)
    await work(transaction)
  })
}

/** From now on nobody sends it to the partner. It may still be on its way here: when it comes, it gets no taxi. */
export async function markCalledOff(db: Kysely<Tables>, orderId: string): Promise<{ readonly askedAt: Date }> {
  let askedAt = new Date()
  await inTurnFor(db, orderId, async (transaction) => {
    await transaction
      .insertInto('called_off')
      .values({ order_id: orderId })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const mark = transaction.selectFrom('called_off').select('asked_at').where('order_id', '=', orderId)
    askedAt = (await mark.executeTakeFirstOrThrow()).asked_at
  })
  return { askedAt }
}
