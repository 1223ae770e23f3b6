import { type Kysely, sql } from 'kysely'
import { type DispatchState, dispatchMachine, isFinal, mayMove } from '../../contracts/states.ts'
import type { Bbd, BbdOrder } from './bbd.ts'
import { findToLock, moveDispatch, OPEN } from './move.ts'
import type { DispatchRow, Tables } from './tables.ts'

const BATCH = 20
/** A status older than that is asked for: a callback may have been lost. */
const STALE = '10 seconds'

/** What the partner says of an order, from a callback or because it was asked. False if we know no such order. */
export async function applyStatus(db: Kysely<Tables>, order: BbdOrder): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const known = await findToLock(transaction, order.reference)
    if (known) await adoptOrder(transaction, known, order)
    return known !== undefined
  })
}

/**
 * Takes what the partner has as the taxi of a locked dispatch, or as the next step of it. If that order has another
 * taxi already, or needs none any more, the partner's is cancelled instead.
 */
export async function adoptOrder(transaction: Kysely<Tables>, row: DispatchRow, order: BbdOrder): Promise<DispatchRow> {
  const isOurs = row.bbd_id === order.bbdId || (row.bbd_id === null && OPEN.includes(row.state))
  const isLive = order.state !== 'CANCELLED' && order.state !== 'COMPLETED'
  if (!isOurs) {
    if (isLive) await addStray(transaction, order.bbdId, row.order_id)
    return row
  }
  if (row.bbd_id !== null && order.sequence < row.bbd_sequence) return row
  const state = toDispatchState(order)
  const isNews = state !== row.state || row.bbd_id === null || order.driver?.name !== row.driver?.name
  const isAllowed = state === row.state || mayMove(dispatchMachine, row.state, state)
  const seen = { seen_at: new Date() }
  if (!isNews || !isAllowed || isFinal(dispatchMachine, row.state)) {
    await transaction.updateTable('dispatch').set(seen).where('order_id', '=', row.order_id).execute()
    return row
  }
  return moveDispatch(transaction, row, {
    ...seen,
    state,
    reason: order.reason ?? null,
    bbd_id: order.bbdId,
    bbd_sequence: order.sequence,
    sent_at: null,
    ...(order.driver && { driver: order.driver }),
    ...(order.vehicle && { vehicle: order.vehicle }),
  })
}

export async function addStray(transaction: Kysely<Tables>, bbdId: string, orderId: string): Promise<void> {
  await transaction
    .insertInto('stray')
    .values({ bbd_id: bbdId, order_id: orderId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function toDispatchState({ state, reason }: BbdOrder): DispatchState {
  switch (state) {
    case 'CREATED':
      return 'LOOKING_FOR_DRIVER'
    case 'DISPATCHED':
    case 'ARRIVED':
      return 'EN_ROUTE'
    case 'ENGAGED':
      return 'ON_TRIP'
    case 'COMPLETED':
      return 'DROP_OFF'
    case 'CANCELLED':
      return reason?.includes('NO_AVAILABILITY') ? 'NO_TAXI' : reason?.includes('NO_SHOW') ? 'TAXI_NO_SHOW' : 'CANCELED'
  }
}

/** The safety net under the callbacks: taxis nobody has heard of for a while are asked for. */
export async function pollStale({ db, bbd }: { db: Kysely<Tables>; bbd: Bbd }): Promise<undefined> {
  const { rows } = await sql<{ bbd_id: string }>`
    update dispatch set seen_at = now() where order_id in (
      select order_id from dispatch
      where state in ('LOOKING_FOR_DRIVER', 'EN_ROUTE', 'ON_TRIP') and bbd_id is not null
        and coalesce(seen_at, created_at) < now() - ${sql.lit(STALE)}::interval
      order by seen_at limit ${sql.lit(BATCH)} for update skip locked)
    returning bbd_id`.execute(db)
  for (const { bbd_id: bbdId } of rows) await applyStatus(db, await bbd.read(bbdId))
}
