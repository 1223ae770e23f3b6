import type { Kysely } from 'kysely'
import { dispatchMachine, isFinal } from '../../contracts/states.ts'
import { Problem } from '../../kernel/index.ts'
import { findDispatch, lockDispatch, moveDispatch, noteAttempt, OPEN } from './move.ts'
import { markCalledOff } from './open.ts'
import { adopt, lookUp, mayStillArrive, type SendContext } from './send.ts'
import type { DispatchRow, Tables } from './tables.ts'
import { addStray } from './track.ts'

/** So long at most is an order kept that is to be called off, because the partner cannot say what became of it. */
const DOUBT_MS_MAX = 5 * 60_000

interface Wish {
  readonly reason: string
  /** Long ago: no word of the partner is waited for any more. */
  readonly isOld: boolean
}

/**
 * Calls an order off, unless its trip has begun. The partner is asked first where it has the order, or may have it: a
 * trip that runs cannot be called off, and an order that is called off and driven all the same would be the worst end.
 * While the partner cannot say, this refuses with `in-doubt`, and is to be asked again. What is called off at last
 * without a word of the partner is a stray there until it is cancelled too.
 */
export async function cancelDispatch(context: SendContext, orderId: string, reason: string): Promise<DispatchRow> {
  const { askedAt } = await markCalledOff(context.db, orderId)
  const wish = { reason, isOld: Date.now() - askedAt.getTime() > DOUBT_MS_MAX }
  const row = await settleDoubt(context, await findDispatch(context.db, orderId), wish)
  requireBeforeTrip(row)
  if (isFinal(dispatchMachine, row.state)) return row
  const isCancelledThere = row.bbd_id !== null && (await cancelAtPartner(context, row.bbd_id, { row, wish }))
  return close(context.db, row, { ...wish, isCancelledThere })
}

/** False if the partner has no such order, or is not waited for any more. */
async function cancelAtPartner(
  { db, bbd }: SendContext,
  bbdId: string,
  { row, wish }: { row: DispatchRow; wish: Wish },
): Promise<boolean> {
  const outcome = await bbd.cancel(bbdId)
  const words = outcome.kind === 'done' ? 'cancelled' : `${outcome.kind}: ${outcome.reason}`
  await noteAttempt(db, row.order_id, 'cancel', words)
  if (outcome.kind === 'done') return true
  if (outcome.kind === 'not-done' && / 409/.test(outcome.reason)) throw tooLate()
  if (outcome.kind === 'not-done' && / 404/.test(outcome.reason)) return false
  if (!wish.isOld) throw inDoubt()
  return false
}

function close(
  db: Kysely<Tables>,
  { order_id: orderId, bbd_id: bbdId }: DispatchRow,
  { reason, isOld, isCancelledThere }: Wish & { readonly isCancelledThere: boolean },
): Promise<DispatchRow> {
  return db.transaction().execute(async (transaction) => {
    const locked = await lockDispatch(transaction, orderId)
    requireBeforeTrip(locked)
    if (isFinal(dispatchMachine, locked.state)) return locked
    // It came to the partner, or was taken to be sent, since it was read.
    if (!isOld && (locked.bbd_id !== bbdId || isBeingTried(locked))) throw inDoubt()
    const isDone = isCancelledThere && locked.bbd_id === bbdId
    if (locked.bbd_id !== null && !isDone) await addStray(transaction, locked.bbd_id, orderId)
    return moveDispatch(transaction, locked, { state: 'CANCELED', reason })
  })
}

/** An order that was sent and not answered: what the partner has is taken over, so that it can be cancelled there. */
async function settleDoubt(context: SendContext, row: DispatchRow, { isOld }: Wish): Promise<DispatchRow> {
  if (row.sent_at === null || row.bbd_id !== null || !OPEN.includes(row.state) || isOld) return row
  const found = await lookUp(context, row)
  if (found !== undefined && found !== 'cannot tell') return adopt(context.db, row.order_id, found)
  if (found === 'cannot tell' || mayStillArrive(row)) throw inDoubt()
  return row
}

/** An instance took it to send it before it was called off. */
function isBeingTried({ state, lease_until: leaseUntil }: DispatchRow): boolean {
  return OPEN.includes(state) && leaseUntil !== null && leaseUntil.getTime() > Date.now()
}

function inDoubt(): Problem {
  return new Problem(409, 'in-doubt', { detail: 'The partner may have the order, and cannot say so now. Ask again.' })
}

function requireBeforeTrip({ state }: DispatchRow): void {
  if (state === 'ON_TRIP' || state === 'DROP_OFF') throw tooLate()
}

function tooLate(): Problem {
  return new Problem(409, 'trip-begun', { detail: 'The trip has begun; it cannot be called off any more.' })
}
