import { type Kysely, sql } from 'kysely'
import type { Event } from '../../contracts/event.ts'
import { type Known, mergeEvent, nothingKnown } from './merge-event.ts'
import type { Tables } from './tables.ts'

/** What stands in a row, and which writing of it that is. */
interface Row {
  readonly known: Known
  readonly writing: string
}

/**
 * Brings an order's row up to date. An event that comes again changes nothing (`mergeEvent`). Of two events of one order that
 * come at once, the later writing sees that it was late, and begins anew.
 */
export async function takeEvent(db: Kysely<Tables>, event: Event): Promise<void> {
  const row = await readRow(db, event.orderId)
  const known = mergeEvent(row?.known ?? nothingKnown, event)
  const isWritten = row ? await update(db, event.orderId, { ...row, known }) : await insert(db, event.orderId, known)
  if (!isWritten) await takeEvent(db, event)
}

async function readRow(db: Kysely<Tables>, orderId: string): Promise<Row | undefined> {
  const row = await db
    .selectFrom('order_view')
    .select(['order', 'payment', 'dispatch', 'updated_at', sql<string>`xmin::text`.as('writing')])
    .where('order_id', '=', orderId)
    .executeTakeFirst()
  if (!row) return undefined
  const { order, payment, dispatch, updated_at: updatedAt, writing } = row
  return { known: { order, payment, dispatch, updatedAt }, writing }
}

async function insert(db: Kysely<Tables>, orderId: string, known: Known): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('order_view')
    .values({ order_id: orderId, ...columnsOf(known) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

async function update(db: Kysely<Tables>, orderId: string, { known, writing }: Row): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('order_view')
    .set(columnsOf(known))
    .where('order_id', '=', orderId)
    .where(sql<string>`xmin::text`, '=', writing)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

function columnsOf({ order, payment, dispatch, updatedAt }: Known) {
  return {
    rider_id: order?.riderId ?? null,
    created_at: order ? new Date(order.createdAt) : null,
    order: order && JSON.stringify(order),
    payment: payment && JSON.stringify(payment),
    dispatch: dispatch && JSON.stringify(dispatch),
    updated_at: updatedAt,
  }
}
