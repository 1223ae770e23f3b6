import { type Kysely, sql } from 'kysely'
import { Problem } from '../../../kernel/index.ts'
import type { DispatchRow, Tables } from '../tables.ts'
import { readAudit } from './audit.ts'
import { readBreaker } from './breaker.ts'

/** The desk shows that many, oldest first; `depth` says how many there are. */
const QUEUE_MAX = 500
const LOG_MAX = 200

export type DeskRow = DispatchRow & { readonly attempts: number | null }

/** Everything an operator has to see at once. */
export async function readQueue(db: Kysely<Tables>) {
  const [bbd, queue, active, depth, lastDeed] = await Promise.all([
    readBreaker(db),
    selectOrders(db)
      .where('state', 'in', ['MANUAL_QUEUE', 'DISPATCH_UNKNOWN'])
      .orderBy((order) => order.fn.coalesce('queued_at', 'created_at'))
      .limit(QUEUE_MAX)
      .execute(),
    selectOrders(db).where('state', '=', 'OFFLINE_DISPATCH').orderBy('updated_at').limit(QUEUE_MAX).execute(),
    countQueue(db),
    findLastDeed(db),
  ])
  const now = new Date()
  const describe = (row: DeskRow) => describeOrder(row, now)
  return { now, bbd, depth, lastDeed, queue: queue.map(describe), active: active.map(describe) }
}

/** One order with all that was tried and done for it, the latest first. */
export async function readOrder(db: Kysely<Tables>, orderId: string) {
  const [row, attempts, audit] = await Promise.all([
    selectOrders(db).where('order_id', '=', orderId).executeTakeFirst(),
    db
      .selectFrom('attempt')
      .select(['at', 'ask', 'outcome'])
      .where('order_id', '=', orderId)
      .orderBy('id', 'desc')
      .limit(LOG_MAX)
      .execute(),
    readAudit(db, { limit: LOG_MAX, orderId }),
  ])
  if (!row) throw new Problem(404, 'dispatch-not-found', { detail: 'There is no taxi for this order.' })
  return { ...describeOrder(row, new Date()), attemptLog: attempts, audit }
}

function selectOrders(db: Kysely<Tables>) {
  return db
    .selectFrom('dispatch')
    .selectAll('dispatch')
    .select((order) =>
      order
        .selectFrom('attempt')
        .whereRef('attempt.order_id', '=', 'dispatch.order_id')
        .select((attempt) => attempt.fn.countAll<number>().as('count'))
        .as('attempts'),
    )
}

async function countQueue(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom('dispatch')
    .select(sql<number>`count(*)`.as('count'))
    .where('state', '=', 'MANUAL_QUEUE')
    .executeTakeFirstOrThrow()
  return count
}

/** Changes when notes or the audit do. */
async function findLastDeed(db: Kysely<Tables>): Promise<number | null> {
  const { id } = await db
    .selectFrom('audit')
    .select((audit) => audit.fn.max<number | null>('id').as('id'))
    .executeTakeFirstOrThrow()
  return id
}

function describeOrder(row: DeskRow, now: Date) {
  const isClaimed = row.claimed_until !== null && row.claimed_until > now
  const queuedAt = row.queued_at ?? row.created_at
  return {
    orderId: row.order_id,
    state: row.state,
    orderedAt: row.created_at,
    queuedAt,
    changedAt: row.updated_at,
    ageS: Math.max(0, Math.floor((now.getTime() - queuedAt.getTime()) / 1000)),
    pickup: row.pickup,
    dropoff: row.dropoff,
    rider: row.rider,
    fareIdr: row.fare_idr,
    reason: row.reason,
    driver: row.driver,
    vehicle: row.vehicle,
    mayBeAtBbd: row.sent_at !== null,
    isBeingTried: row.lease_until !== null && row.lease_until > now,
    claimedBy: isClaimed ? row.claimed_by : null,
    claimedUntil: isClaimed ? row.claimed_until : null,
    heldNote: row.held_note,
    attempts: row.attempts ?? 0,
  }
}
