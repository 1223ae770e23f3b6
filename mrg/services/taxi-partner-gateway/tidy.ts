import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import { lockDispatch, moveDispatch, noteAttempt, OPEN } from './move.ts'
import { DOUBT_MS, NO_ANSWER, type SendContext, trySend } from './send.ts'
import type { Tables } from './tables.ts'
import { addStray } from './track.ts'

const BATCH = 20
/** A rider has waited long enough: the order is called off and the money let go. */
const WAIT_MAX = '30 minutes'
const STRAY_AGAIN = '5 seconds'
const UNKNOWN_MAX = '15 seconds'

/**
 * The queue, oldest first: what waits for the partner is tried again, so that it drains once the partner is back. It
 * stops at the first that fails: one probe at a time while the partner is down.
 */
export async function replayQueue(context: SendContext): Promise<'again' | undefined> {
  if (context.bbd.isOpen()) return undefined
  const waiting = await context.db
    .selectFrom('dispatch')
    .select('order_id')
    .where('state', 'in', OPEN)
    .where('held_note', 'is', null)
    .where('try_after', '<', sql<Date>`now()`)
    .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<', sql<Date>`now()`)]))
    // A new order is being sent by the request that brought it.
    .where('created_at', '<', sql<Date>`now() - interval '2 seconds'`)
    .orderBy('created_at')
    .limit(BATCH)
    .execute()
  for (const { order_id: orderId } of waiting) {
    const row = await trySend(context, orderId)
    if (row && OPEN.includes(row.state)) return undefined
  }
  return waiting.length === BATCH ? 'again' : undefined
}

/** Orders whose fate nobody can tell go to people after a while, as perhaps dispatched. */
export async function queueLost(db: Kysely<Tables>): Promise<undefined> {
  const { rows } = await sql<{ order_id: string }>`
    select order_id from dispatch
    where state in ('PENDING_DISPATCH', 'DISPATCH_UNKNOWN') and sent_at < now() - ${sql.lit(UNKNOWN_MAX)}::interval
      and (lease_until is null or lease_until < now())
    order by sent_at limit ${sql.lit(BATCH)}`.execute(db)
  for (const { order_id: orderId } of rows)
    await db.transaction().execute(async (transaction) => {
      const row = await lockDispatch(transaction, orderId)
      if (row.state === 'PENDING_DISPATCH' || row.state === 'DISPATCH_UNKNOWN')
        await moveDispatch(transaction, row, { state: 'MANUAL_QUEUE', reason: NO_ANSWER })
    })
}

/** Calls off what nobody could dispatch in time. */
export async function expireOld(db: Kysely<Tables>): Promise<undefined> {
  const old = await db
    .selectFrom('dispatch')
    .select('order_id')
    .where('state', 'in', OPEN)
    .where('created_at', '<', sql<Date>`now() - ${sql.lit(WAIT_MAX)}::interval`)
    .limit(BATCH)
    .execute()
  for (const { order_id: orderId } of old)
    await db.transaction().execute(async (transaction) => {
      const row = await lockDispatch(transaction, orderId)
      const isBusy = row.lease_until !== null && row.lease_until.getTime() > Date.now()
      if (OPEN.includes(row.state) && !isBusy)
        await moveDispatch(transaction, row, {
          state: 'CANCELED',
          reason: 'No taxi could be dispatched in 30 minutes.',
        })
    })
}

/** Orders that were settled without the partner while it may have one too: it is asked, and what it has is a stray. */
export async function resolveDoubts({ db, bbd }: SendContext): Promise<undefined> {
  const { rows } = await sql<{ order_id: string; bbd_id: string | null }>`
    select order_id, bbd_id from dispatch
    where sent_at < now() - ${sql.lit(DOUBT_MS)} * interval '1 millisecond'
      and state not in ('PENDING_DISPATCH', 'DISPATCH_UNKNOWN', 'MANUAL_QUEUE')
    order by sent_at limit ${sql.lit(BATCH)}`.execute(db)
  for (const { order_id: orderId, bbd_id: bbdId } of rows) {
    const found = await bbd.find(orderId)
    const live = found.filter(({ state }) => state !== 'CANCELLED' && state !== 'COMPLETED')
    await db.transaction().execute(async (transaction) => {
      for (const other of live.filter((order) => order.bbdId !== bbdId))
        await addStray(transaction, other.bbdId, orderId)
      await transaction.updateTable('dispatch').set({ sent_at: null }).where('order_id', '=', orderId).execute()
    })
  }
}

/** Cancels at the partner what nobody wants there, again and again until it is done or the trip has begun. */
export async function cancelStrays({ db, bbd }: SendContext, log: Logger): Promise<undefined> {
  const { rows } = await sql<{ bbd_id: string; order_id: string }>`
    update stray set try_after = now() + ${sql.lit(STRAY_AGAIN)}::interval where bbd_id in (
      select bbd_id from stray where try_after < now() limit ${sql.lit(BATCH)} for update skip locked)
    returning bbd_id, order_id`.execute(db)
  for (const { bbd_id: bbdId, order_id: orderId } of rows) {
    const outcome = await bbd.cancel(bbdId)
    if (outcome.kind === 'unknown') continue
    const isRefused = outcome.kind === 'not-done' && / 40[49]/.test(outcome.reason)
    if (outcome.kind === 'not-done' && !isRefused) return undefined
    if (isRefused) log.error({ orderId, bbdId }, 'a taxi that nobody wants could not be cancelled: call the partner')
    await noteAttempt(db, orderId, 'cancel', outcome.kind === 'done' ? `cancelled ${bbdId}` : outcome.reason)
    await db.deleteFrom('stray').where('bbd_id', '=', bbdId).execute()
  }
}
