import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import type { Charge, Gateway } from './gateway.ts'
import { type HoldContext, noteAttempt } from './hold.ts'
import { lockPayment, movePayment } from './move.ts'
import type { Tables } from './tables.ts'

const BATCH = 20
/** A gateway that was asked may still be at it for so long; only later does "not found" mean that it holds nothing. */
const DOUBT = '10 seconds'
/** A webhook that has not come by then is asked for. */
const WEBHOOK_LATE = '5 seconds'
const WAITING_MAX = '30 minutes'

interface Work {
  readonly order_id: string
  readonly gateway: string
  readonly charge_id: string | null
}

/**
 * Sees every open end through, oldest first: money held where nobody needs it is let go, refunds are made, lost
 * webhooks are asked for, payments that waited too long are cancelled. Each is done once however often it is tried;
 * what fails stays open and comes again.
 */
export async function settleOpenEnds(context: HoldContext): Promise<undefined> {
  const { db } = context
  await expire(db)
  await each(context, await takeAttempts(db), async (gateway, work) => {
    const charges = work.charge_id ? [await gateway.read(work.charge_id)] : await gateway.find(work.order_id)
    await letGo(context, gateway, { work, charges })
  })
  await each(context, await takePayments(db, 'REQUEST_REFUND', '0 seconds'), (gateway, work) =>
    refund(db, gateway, work),
  )
  await each(context, await takePayments(db, 'WAITING_FOR_PAYMENT', WEBHOOK_LATE), async (gateway, work) => {
    if (work.charge_id) await applyCharge(db, work.order_id, await gateway.read(work.charge_id))
  })
}

/** Done one by one, and not at all at a gateway that is known to be down. */
async function each(
  { gateways, log }: { gateways: readonly Gateway[]; log: Logger },
  works: readonly Work[],
  run: (gateway: Gateway, work: Work) => Promise<void>,
): Promise<void> {
  for (const work of works) {
    const gateway = gateways.find(({ name }) => name === work.gateway)
    if (!gateway || gateway.isOpen()) continue
    await run(gateway, work).catch((error: unknown) =>
      log.warn({ orderId: work.order_id, gateway: work.gateway, reason: String(error) }, 'an open end stays open'),
    )
  }
}

/** Attempts whose money nobody needs: asked to let go, or in doubt while the order went on without them. */
async function takeAttempts(db: Kysely<Tables>): Promise<Work[]> {
  const { rows } = await sql<Work>`
    update attempt set updated_at = now() where (order_id, gateway) in (
      select a.order_id, a.gateway from attempt a join payment p using (order_id)
      where (a.state = 'TO_VOID' and a.updated_at < now() - interval '1 second')
         or (a.state in ('SENT', 'UNCERTAIN') and a.updated_at < now() - ${sql.lit(DOUBT)}::interval
             and p.state <> 'REQUEST_PAYMENT_LINK' and p.gateway is distinct from a.gateway)
      order by a.updated_at limit ${sql.lit(BATCH)} for update of a skip locked)
    returning order_id, gateway, charge_id`.execute(db)
  return rows
}

async function takePayments(db: Kysely<Tables>, state: string, age: string): Promise<Work[]> {
  const { rows } = await sql<Work>`
    select order_id, gateway, charge_id from payment
    where state = ${state} and gateway is not null and updated_at < now() - ${sql.lit(age)}::interval
    order by updated_at limit ${sql.lit(BATCH)}`.execute(db)
  return rows
}

async function letGo(
  { db, log }: HoldContext,
  gateway: Gateway,
  { work, charges }: { work: Work; charges: readonly Charge[] },
): Promise<void> {
  for (const charge of charges)
    if (charge.status === 'authorised' || charge.status === 'pending') {
      await gateway.void(charge.chargeId)
      log.info({ orderId: work.order_id, gateway: gateway.name }, 'money that nobody needs was let go')
    }
  await noteAttempt(db, work.order_id, gateway.name, { state: charges.length > 0 ? 'VOIDED' : 'NOT_DONE' })
}

async function refund(db: Kysely<Tables>, gateway: Gateway, work: Work): Promise<void> {
  const { charge_id: chargeId, order_id: orderId } = work
  if (chargeId === null) return
  const { amountIdr } = await gateway.read(chargeId)
  await gateway.refund(chargeId, amountIdr)
  await db.transaction().execute(async (transaction) => {
    const row = await lockPayment(transaction, orderId)
    if (row.state === 'REQUEST_REFUND') await movePayment(transaction, row, { state: 'REFUND_SUCCESS' })
  })
}

/** What a gateway says of a charge that was pending, from its webhook or because it was asked. */
export async function applyCharge(db: Kysely<Tables>, orderId: string, charge: Charge): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const row = await lockPayment(transaction, orderId)
    if (row.state !== 'WAITING_FOR_PAYMENT' || row.charge_id !== charge.chargeId) return
    if (charge.status === 'authorised') await movePayment(transaction, row, { state: 'PAID' })
    if (charge.status === 'declined' || charge.status === 'voided')
      await movePayment(transaction, row, { state: 'FAILED' })
  })
}

async function expire(db: Kysely<Tables>): Promise<void> {
  const late = await db
    .selectFrom('payment')
    .select('order_id')
    .where('state', 'in', ['WAITING_FOR_PAYMENT', 'REQUEST_PAYMENT_LINK'])
    .where('created_at', '<', sql<Date>`now() - ${sql.lit(WAITING_MAX)}::interval`)
    .limit(BATCH)
    .execute()
  for (const { order_id: orderId } of late)
    await db.transaction().execute(async (transaction) => {
      const row = await lockPayment(transaction, orderId)
      if (row.state !== 'WAITING_FOR_PAYMENT' && row.state !== 'REQUEST_PAYMENT_LINK') return
      await transaction
        .updateTable('attempt')
        .set({ state: 'TO_VOID' })
        .where('order_id', '=', orderId)
        .where('state', '=', 'HELD')
        .execute()
      await movePayment(transaction, row, { state: 'CANCELED' })
    })
}
