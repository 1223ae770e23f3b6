import { type Kysely, sql } from 'kysely'
import type { Bbd, BbdOrder } from './bbd.ts'
import { lockDispatch, moveDispatch, noteAttempt, OPEN } from './move.ts'
import type { DispatchRow, Tables } from './tables.ts'
import { adoptOrder } from './track.ts'

/** Longer than a look-up and a booking take; an instance that dies meanwhile frees the order after it. */
const LEASE = '15 seconds'
/** The partner may be at an order for so long. */
export const DOUBT_MS = 10_000
const AGAIN_MS = 2_000
export const NO_ANSWER = 'The partner did not answer; it may have the order.'

export interface SendContext {
  readonly db: Kysely<Tables>
  /** For leases and notes of what was tried. */
  readonly relaxed: Kysely<Tables>
  readonly bbd: Bbd
}

/**
 * Tries to have an open order dispatched by the partner. Returns it as it is then, or undefined when it is not to be
 * tried now: dispatched already, being tried by another instance, or in the hands of an operator.
 * 1. take it: one instance at a time;
 * 2. if an earlier try may have reached the partner, ask under our own id; what is found is adopted;
 * 3. otherwise write down that it is being sent, and send it;
 * 4. not sent for certain: it goes to people; perhaps sent: it waits for step 2.
 */
export async function trySend(context: SendContext, orderId: string): Promise<DispatchRow | undefined> {
  const row = await takeLease(context.relaxed, orderId)
  if (!row) return undefined
  try {
    if (row.sent_at === null) return await sendIt(context, row)
    const found = await lookUp(context, row)
    if (found === 'cannot tell') return await leaveUnknown(context.db, row)
    if (found) return await adopt(context.db, orderId, found)
    return mayStillArrive(row) ? await leaveUnknown(context.db, row) : await sendIt(context, row)
  } finally {
    await context.relaxed.updateTable('dispatch').set({ lease_until: null }).where('order_id', '=', orderId).execute()
  }
}

/** Whether the partner may be at the order still: until it cannot, "not found" does not mean that it has none. */
export function mayStillArrive({ sent_at: sentAt }: DispatchRow): boolean {
  return sentAt !== null && Date.now() - sentAt.getTime() <= DOUBT_MS
}

function takeLease(db: Kysely<Tables>, orderId: string): Promise<DispatchRow | undefined> {
  const now = sql<Date>`now()`
  return db
    .updateTable('dispatch')
    .set({ lease_until: sql<Date>`now() + ${sql.lit(LEASE)}::interval` })
    .where('order_id', '=', orderId)
    .where('state', 'in', OPEN)
    .where('held_note', 'is', null)
    .where((where) =>
      where.not(where.exists(where.selectFrom('called_off').whereRef('called_off.order_id', '=', 'dispatch.order_id'))),
    )
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', now)]))
    .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<', now)]))
    .returningAll()
    .executeTakeFirst()
}

/** The live order that the partner has for us, if any. */
export async function lookUp(
  { relaxed, bbd }: SendContext,
  row: DispatchRow,
): Promise<BbdOrder | undefined | 'cannot tell'> {
  try {
    const found = (await bbd.find(row.order_id)).filter(({ state }) => state !== 'CANCELLED')
    await noteAttempt(relaxed, row.order_id, 'look-up', found[0] ? `found ${found[0].bbdId}` : 'not found')
    return found[0]
  } catch (error) {
    await noteAttempt(relaxed, row.order_id, 'look-up', `cannot tell: ${String(error)}`)
    return 'cannot tell'
  }
}

async function sendIt({ db, relaxed, bbd }: SendContext, row: DispatchRow): Promise<DispatchRow> {
  const orderId = row.order_id
  const sentAt = new Date()
  await db.updateTable('dispatch').set({ sent_at: sentAt }).where('order_id', '=', orderId).execute()
  const outcome = await bbd.book(row)
  await noteAttempt(
    relaxed,
    orderId,
    'book',
    outcome.kind === 'done' ? `booked ${outcome.order.bbdId}` : `${outcome.kind}: ${outcome.reason}`,
  )
  if (outcome.kind === 'done') return adopt(db, orderId, outcome.order)
  if (outcome.kind === 'unknown') return leaveUnknown(db, { ...row, sent_at: sentAt })
  return db.transaction().execute(async (transaction) => {
    const locked = await lockDispatch(transaction, orderId)
    if (!OPEN.includes(locked.state)) return locked
    await waitBeforeNextTry(transaction, orderId)
    const certain = { sent_at: null, reason: outcome.reason.slice(0, 200) }
    if (locked.state === 'MANUAL_QUEUE') return patch(transaction, orderId, certain)
    return moveDispatch(transaction, locked, { state: 'MANUAL_QUEUE', ...certain })
  })
}

/** It may be at the partner: it is asked again soon, and goes to people when that takes too long (`tidy.ts`). */
function leaveUnknown(db: Kysely<Tables>, row: DispatchRow): Promise<DispatchRow> {
  return db.transaction().execute(async (transaction) => {
    const locked = await lockDispatch(transaction, row.order_id)
    await waitBeforeNextTry(transaction, row.order_id)
    if (locked.state !== 'PENDING_DISPATCH') return locked
    return moveDispatch(transaction, locked, { state: 'DISPATCH_UNKNOWN', reason: NO_ANSWER })
  })
}

export function adopt(db: Kysely<Tables>, orderId: string, order: BbdOrder): Promise<DispatchRow> {
  return db
    .transaction()
    .execute(async (transaction) => adoptOrder(transaction, await lockDispatch(transaction, orderId), order))
}

async function waitBeforeNextTry(db: Kysely<Tables>, orderId: string): Promise<void> {
  await patch(db, orderId, { try_after: new Date(Date.now() + AGAIN_MS) })
}

function patch(
  db: Kysely<Tables>,
  orderId: string,
  set: { sent_at?: null; reason?: string; try_after?: Date },
): Promise<DispatchRow> {
  return db.updateTable('dispatch').set(set).where('order_id', '=', orderId).returningAll().executeTakeFirstOrThrow()
}
