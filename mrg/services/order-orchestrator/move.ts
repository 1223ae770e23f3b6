import type { Kysely } from 'kysely'
import type { Order } from '../../contracts/booking.ts'
import { mayMove, type OrderState, orderMachine } from '../../contracts/states.ts'
import { Problem, writeEvent } from '../../kernel/index.ts'
import type { OrderRow, Tables } from './tables.ts'

/** The order, locked until the transaction ends. */
async function lockOrder(transaction: Kysely<Tables>, orderId: string): Promise<OrderRow> {
  const row = await transaction
    .selectFrom('orders')
    .selectAll()
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound()
  return row
}

export async function readOrder(db: Kysely<Tables>, orderId: string): Promise<OrderRow> {
  const row = await db.selectFrom('orders').selectAll().where('order_id', '=', orderId).executeTakeFirst()
  if (!row) throw notFound()
  return row
}

/** Written down before anything is undone. */
export async function callOff(db: Kysely<Tables>, orderId: string): Promise<void> {
  await db.updateTable('orders').set({ called_off: true }).where('order_id', '=', orderId).execute()
}

/** Takes `callOff` back: it was too late to undo anything. */
export async function keep(db: Kysely<Tables>, orderId: string): Promise<void> {
  await db.updateTable('orders').set({ called_off: false }).where('order_id', '=', orderId).execute()
}

/** Whether the order is still to go on: it is not called off, nor being called off. */
export async function isWanted(db: Kysely<Tables>, orderId: string): Promise<boolean> {
  const { called_off: isCalledOff, state } = await readOrder(db, orderId)
  return !isCalledOff && state !== 'CANCELED' && state !== 'FAILED'
}

/** Moves the order on, and tells everyone in the same transaction. Gives the state it is in then, moved or not. */
export function moveOrder(
  db: Kysely<Tables>,
  orderId: string,
  { to, reason = null }: { to: OrderState; reason?: string | null },
): Promise<OrderState> {
  return db.transaction().execute(async (transaction) => {
    const row = await lockOrder(transaction, orderId)
    if (row.state === to || !mayMove(orderMachine, row.state, to)) return row.state
    const moved = await transaction
      .updateTable('orders')
      .set({ state: to, reason, version: row.version + 1, updated_at: new Date() })
      .where('order_id', '=', orderId)
      .returningAll()
      .executeTakeFirstOrThrow()
    await tell(transaction, moved)
    return moved.state
  })
}

export async function tell(transaction: Kysely<Tables>, row: OrderRow): Promise<void> {
  await writeEvent(transaction as Kysely<never>, {
    topic: 'order',
    orderId: row.order_id,
    status: row.state,
    version: row.version,
    at: row.updated_at.toISOString(),
    data: { ...describeOrder(row) },
  })
}

export function describeOrder(row: OrderRow): Order {
  const { quote } = row
  return {
    orderId: row.order_id,
    riderId: row.rider_id,
    state: row.state,
    version: row.version,
    fareIdr: quote.fareIdr,
    isEstimate: quote.isEstimate,
    pickup: quote.pickup,
    dropoff: quote.dropoff,
    reason: row.reason,
    createdAt: row.created_at.toISOString(),
  }
}

function notFound(): Problem {
  return new Problem(404, 'order-not-found', { detail: 'There is no such order.' })
}
