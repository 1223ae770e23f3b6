import type { Kysely } from 'kysely'
import type { Event } from '../../contracts/event.ts'
import { type Known, mergeEvent, nothingKnown } from './merge-event.ts'
import type { Tables } from './tables.ts'

/** Brings an order's row up to date. An event that comes again changes nothing (`mergeEvent`). */
export async function takeEvent(db: Kysely<Tables>, event: Event): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const known = await lockKnown(transaction, event.orderId)
    const { order, payment, dispatch, updatedAt } = mergeEvent(known, event)
    await transaction
      .updateTable('order_view')
      .set({
        rider_id: order?.riderId ?? null,
        created_at: order ? new Date(order.createdAt) : null,
        order: order && JSON.stringify(order),
        payment: payment && JSON.stringify(payment),
        dispatch: dispatch && JSON.stringify(dispatch),
        updated_at: updatedAt,
      })
      .where('order_id', '=', event.orderId)
      .execute()
  })
}

/** Locked until the transaction ends, so that events of one order are merged one after the other. */
async function lockKnown(transaction: Kysely<Tables>, orderId: string): Promise<Known> {
  const row = await transaction
    .selectFrom('order_view')
    .selectAll()
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirst()
  if (row) return { order: row.order, payment: row.payment, dispatch: row.dispatch, updatedAt: row.updated_at }
  await addRow(transaction, orderId)
  return lockKnown(transaction, orderId)
}

/** The first event of an order makes its row; of two at once, the second waits for the first and then finds it. */
async function addRow(transaction: Kysely<Tables>, orderId: string): Promise<void> {
  await transaction
    .insertInto('order_view')
    .values({ order_id: orderId, updated_at: nothingKnown.updatedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
