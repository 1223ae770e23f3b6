import { type Kysely, sql, type Updateable } from 'kysely'
import { Problem } from '../../../kernel/index.ts'
import { lockDispatch, moveDispatch, tellDesk } from '../move.ts'
import { trySend } from '../send.ts'
import type { DispatchRow, Driver, Tables, Vehicle } from '../tables.ts'
import { addStray } from '../track.ts'
import { writeAudit } from './audit.ts'
import { mustBeDispatchedByHand, mustBeFree, mustBeHisClaim, mustBeInQueue, mustNotBeClaimedByOther } from './checks.ts'
import type { Desk } from './desk.ts'

const CLAIM_MS = 120_000

/** Who acts on which order. */
export interface Act {
  readonly operator: string
  readonly orderId: string
}

/** Takes an order for two minutes, or for two more. */
export function claim({ db }: Desk, act: Act): Promise<DispatchRow> {
  return perform(db, { ...act, action: 'claim' }, async (transaction, row) => {
    mustBeInQueue(row)
    mustNotBeClaimedByOther(row, act.operator)
    mustBeFree(row)
    return patch(transaction, row, { claimed_by: act.operator, claimed_until: new Date(Date.now() + CLAIM_MS) })
  })
}

export function release({ db }: Desk, act: Act): Promise<DispatchRow> {
  return perform(db, { ...act, action: 'release' }, async (transaction, row) => {
    mustBeHisClaim(row, act.operator)
    return patch(transaction, row, { claimed_by: null, claimed_until: null })
  })
}

/**
 * The operator has found a taxi. `sent_at` stays as it is: where the partner may have the order too, it is asked later,
 * and what it has is cancelled there.
 */
export function assign({ db }: Desk, act: Act & { driver: Driver; vehicle: Vehicle }): Promise<DispatchRow> {
  const { driver, vehicle } = act
  const detail = `${driver.name}, ${driver.phone}, ${vehicle.plate}, ${vehicle.kind}`
  return perform(db, { ...act, action: 'assign', detail }, async (transaction, row) => {
    mustBeInQueue(row)
    mustBeHisClaim(row, act.operator)
    mustBeFree(row)
    return moveDispatch(transaction, row, { state: 'OFFLINE_DISPATCH', driver, vehicle, reason: null })
  })
}

/** Keeps an order from being tried at the partner, and says why. */
export function hold({ db }: Desk, act: Act & { note: string }): Promise<DispatchRow> {
  return perform(db, { ...act, action: 'hold', detail: act.note }, async (transaction, row) => {
    mustBeInQueue(row)
    mustNotBeClaimedByOther(row, act.operator)
    if (row.held_note !== null)
      throw new Problem(409, 'held', { detail: `This order is on hold already: ${row.held_note}` })
    return patch(transaction, row, { held_note: act.note })
  })
}

export function unhold({ db }: Desk, act: Act): Promise<DispatchRow> {
  return perform(db, { ...act, action: 'unhold' }, async (transaction, row) => {
    mustBeInQueue(row)
    mustNotBeClaimedByOther(row, act.operator)
    if (row.held_note === null) throw new Problem(409, 'not-held', { detail: 'This order is not on hold.' })
    return patch(transaction, row, { held_note: null })
  })
}

/** Gives the order back and tries it at the partner at once; where it is then. */
export async function retry(desk: Desk, act: Act): Promise<DispatchRow> {
  await perform(desk.db, { ...act, action: 'retry' }, async (transaction, row) => {
    mustBeInQueue(row)
    mustBeHisClaim(row, act.operator)
    if (row.held_note !== null)
      throw new Problem(409, 'held', { detail: 'This order is on hold. Take it off hold before you try it again.' })
    return patch(transaction, row, { claimed_by: null, claimed_until: null, try_after: new Date() })
  })
  const tried = await trySend(desk, act.orderId)
  if (tried) return tried
  const query = desk.db.selectFrom('dispatch').selectAll().where('order_id', '=', act.orderId)
  return query.executeTakeFirstOrThrow()
}

/** Calls off an order in the queue, or one that people have dispatched: its driver has to be told by phone. */
export function cancel({ db }: Desk, act: Act & { reason: string }): Promise<DispatchRow> {
  const { reason } = act
  return perform(db, { ...act, action: 'cancel', detail: reason }, async (transaction, row) => {
    if (row.state !== 'OFFLINE_DISPATCH') mustBeInQueue(row)
    mustNotBeClaimedByOther(row, act.operator)
    mustBeFree(row)
    if (row.bbd_id !== null) await addStray(transaction, row.bbd_id, row.order_id)
    return moveDispatch(transaction, row, { state: 'CANCELED', reason })
  })
}

export function complete({ db }: Desk, act: Act): Promise<DispatchRow> {
  return perform(db, { ...act, action: 'complete' }, async (transaction, row) => {
    mustBeDispatchedByHand(row)
    return moveDispatch(transaction, row, { state: 'DROP_OFF' })
  })
}

export function reportNoShow({ db }: Desk, act: Act): Promise<DispatchRow> {
  return perform(db, { ...act, action: 'no-show' }, async (transaction, row) => {
    mustBeDispatchedByHand(row)
    return moveDispatch(transaction, row, { state: 'TAXI_NO_SHOW', reason: 'The dispatch desk says so.' })
  })
}

/** Lets everything be tried that nobody has claimed or put on hold; how many that is. */
export function retryAll({ db }: Desk, operator: string): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      update dispatch set try_after = now()
      where state = 'MANUAL_QUEUE' and held_note is null and (claimed_until is null or claimed_until < now())
      returning 1`.execute(transaction)
    await writeAudit(transaction, { operator, action: 'retry-all', detail: `${rows.length} orders` })
    await tellDesk(transaction)
    return rows.length
  })
}

/** One transaction: the order is locked, `change` checks and changes it, the audit row is written, the desks are told. */
function perform(
  db: Kysely<Tables>,
  deed: Act & { action: string; detail?: string },
  change: (transaction: Kysely<Tables>, row: DispatchRow) => Promise<DispatchRow>,
): Promise<DispatchRow> {
  return db.transaction().execute(async (transaction) => {
    const changed = await change(transaction, await lockDispatch(transaction, deed.orderId))
    await writeAudit(transaction, deed)
    await tellDesk(transaction)
    return changed
  })
}

function patch(
  transaction: Kysely<Tables>,
  row: DispatchRow,
  set: Updateable<Tables['dispatch']>,
): Promise<DispatchRow> {
  return transaction
    .updateTable('dispatch')
    .set(set)
    .where('order_id', '=', row.order_id)
    .returningAll()
    .executeTakeFirstOrThrow()
}
