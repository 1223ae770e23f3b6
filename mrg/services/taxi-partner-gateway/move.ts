import { type Kysely, sql, type Updateable } from 'kysely'
import type { Dispatch } from '../../contracts/booking.ts'
import { type DispatchState, dispatchMachine, mayMove } from '../../contracts/states.ts'
import { Problem, writeEvent } from '../../kernel/index.ts'
import type { DispatchRow, Driver, Tables, Vehicle } from './tables.ts'

/** Those that nobody has dispatched yet. */
export const OPEN: readonly DispatchState[] = ['PENDING_DISPATCH', 'DISPATCH_UNKNOWN', 'MANUAL_QUEUE']

export interface Change {
  readonly state?: DispatchState
  readonly reason?: string | null
  readonly driver?: Driver | null
  readonly vehicle?: Vehicle | null
  readonly bbd_id?: string
  readonly bbd_sequence?: number
  readonly sent_at?: Date | null
  readonly seen_at?: Date
}

/** The dispatch, locked until the transaction ends. */
export async function lockDispatch(transaction: Kysely<Tables>, orderId: string): Promise<DispatchRow> {
  const row = await findToLock(transaction, orderId)
  if (!row) throw notFound()
  return row
}

/** The same, where it may be that nobody knows of it. */
export function findToLock(transaction: Kysely<Tables>, orderId: string): Promise<DispatchRow | undefined> {
  return transaction.selectFrom('dispatch').selectAll().where('order_id', '=', orderId).forUpdate().executeTakeFirst()
}

/** The dispatch as it is; it may be another a moment later. */
export async function findDispatch(db: Kysely<Tables>, orderId: string): Promise<DispatchRow> {
  const row = await db.selectFrom('dispatch').selectAll().where('order_id', '=', orderId).executeTakeFirst()
  if (!row) throw notFound()
  return row
}

function notFound(): Problem {
  return new Problem(404, 'dispatch-not-found', { detail: 'There is no taxi for this order.' })
}

/** Moves a locked dispatch on, and tells everyone in the same transaction. Refuses what its machine does not allow. */
export async function moveDispatch(
  transaction: Kysely<Tables>,
  row: DispatchRow,
  change: Change,
): Promise<DispatchRow> {
  const { state = row.state, driver, vehicle, ...plain } = change
  if (state !== row.state && !mayMove(dispatchMachine, row.state, state))
    throw new Problem(409, 'illegal-transition', { detail: `A taxi that is ${row.state} cannot become ${state}.` })
  const entersQueue = state === 'MANUAL_QUEUE' && row.state !== 'MANUAL_QUEUE'
  const set: Updateable<Tables['dispatch']> = {
    ...plain,
    state,
    version: row.version + 1,
    updated_at: new Date(),
    ...(driver !== undefined && { driver: JSON.stringify(driver) }),
    ...(vehicle !== undefined && { vehicle: JSON.stringify(vehicle) }),
    ...(entersQueue && { queued_at: new Date() }),
    ...(state !== 'MANUAL_QUEUE' && { claimed_by: null, claimed_until: null, held_note: null }),
  }
  const moved = await transaction
    .updateTable('dispatch')
    .set(set)
    .where('order_id', '=', row.order_id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await tellOthers(transaction, moved)
  if (ON_DESK.includes(row.state) || ON_DESK.includes(moved.state)) await tellDesk(transaction)
  return moved
}

/** Tells the other services what became of a dispatch, in the transaction that makes it so. */
export async function tellOthers(transaction: Kysely<Tables>, row: DispatchRow): Promise<void> {
  await writeEvent(transaction as Kysely<never>, {
    topic: 'dispatch',
    orderId: row.order_id,
    status: row.state,
    version: row.version,
    at: row.updated_at.toISOString(),
    data: { ...describeDispatch(row), rider: row.rider },
  })
}

/** Those that the desk shows. */
const ON_DESK: readonly DispatchState[] = ['DISPATCH_UNKNOWN', 'MANUAL_QUEUE', 'OFFLINE_DISPATCH']

export const DESK_CHANNEL = 'mrg_desk'

/** Wakes every desk that is open, once the transaction is done. */
export async function tellDesk(transaction: Kysely<Tables>): Promise<void> {
  await sql`select pg_notify(${DESK_CHANNEL}, '')`.execute(transaction)
}

export function describeDispatch(row: DispatchRow): Dispatch {
  return {
    orderId: row.order_id,
    state: row.state,
    version: row.version,
    driver: row.driver,
    vehicle: row.vehicle,
    reason: row.reason,
  }
}

export async function noteAttempt(db: Kysely<Tables>, orderId: string, ask: string, outcome: string): Promise<void> {
  await db
    .insertInto('attempt')
    .values({ order_id: orderId, ask, outcome: outcome.slice(0, 300) })
    .execute()
}
