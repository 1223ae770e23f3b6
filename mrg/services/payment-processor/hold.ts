import { createHash, randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import { type Charge, type Gateway, surelyHoldsNothing } from './gateway.ts'
import { lockPayment, movePayment, type PaymentRow } from './move.ts'
import type { AttemptState, Tables } from './tables.ts'

/** Longer than one pass over all gateways takes; an instance that dies meanwhile frees the payment after it. */
const LEASE = '25 seconds'

export interface HoldContext {
  readonly db: Kysely<Tables>
  readonly gateways: readonly Gateway[]
  readonly log: Logger
}

/**
 * Tries to have the money of an order held, by the first gateway that can. Returns the payment as it is then: still
 * REQUEST_PAYMENT_LINK if no gateway could, or if another instance is at it.
 *
 * A gateway that was asked and did not answer may hold the money: it is noted as UNCERTAIN before the next is asked,
 * and let go later (`settle.ts`). A hold is not a charge: only one of them is ever captured.
 */
export async function holdMoney(context: HoldContext, payment: PaymentRow): Promise<PaymentRow> {
  const lease = randomUUID()
  let current = await takeLease(context.db, payment.order_id, lease)
  if (!current) return payment
  for (const gateway of orderGateways(context.gateways, payment.order_id)) {
    await noteAttempt(context.db, payment.order_id, gateway.name, { state: 'SENT' })
    const outcome = await ask(gateway, current, context.log)
    current = await writeOutcome(context.db, { orderId: payment.order_id, lease, gateway: gateway.name, outcome })
    if (current.state !== 'REQUEST_PAYMENT_LINK' || current.lease_by !== lease) return current
  }
  await context.db
    .updateTable('payment')
    .set({ lease_until: null })
    .where('order_id', '=', payment.order_id)
    .where('lease_by', '=', lease)
    .execute()
  return current
}

function takeLease(db: Kysely<Tables>, orderId: string, lease: string): Promise<PaymentRow | undefined> {
  return db
    .updateTable('payment')
    .set({ lease_by: lease, lease_until: sql<Date>`now() + ${sql.lit(LEASE)}::interval` })
    .where('order_id', '=', orderId)
    .where('state', '=', 'REQUEST_PAYMENT_LINK')
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
    .returningAll()
    .executeTakeFirst()
}

/** Orders are spread over the gateways, so that each is known to work; those with an open breaker come last. */
function orderGateways(gateways: readonly Gateway[], orderId: string): Gateway[] {
  const first = createHash('sha256').update(orderId).digest().readUInt32BE() % gateways.length
  const turned = [...gateways.slice(first), ...gateways.slice(0, first)]
  return [...turned.filter((gateway) => !gateway.isOpen()), ...turned.filter((gateway) => gateway.isOpen())]
}

type Outcome = { readonly kind: 'answered'; readonly charge: Charge } | { readonly kind: 'not-done' | 'uncertain' }

async function ask(gateway: Gateway, payment: PaymentRow, log: Logger): Promise<Outcome> {
  const { order_id: orderId, amount_idr: amountIdr, method } = payment
  try {
    return { kind: 'answered', charge: await gateway.hold({ orderId, amountIdr, method }) }
  } catch (error) {
    log.warn({ orderId, gateway: gateway.name, reason: String(error) }, 'a gateway could not hold the money')
    return { kind: surelyHoldsNothing(error) ? 'not-done' : 'uncertain' }
  }
}

/** The lease fences: an instance that was frozen meanwhile only notes what it has asked for, so that it is let go. */
function writeOutcome(
  db: Kysely<Tables>,
  { orderId, lease, gateway, outcome }: { orderId: string; lease: string; gateway: string; outcome: Outcome },
): Promise<PaymentRow> {
  return db.transaction().execute(async (transaction) => {
    const row = await lockPayment(transaction, orderId)
    const isOurs = row.lease_by === lease && row.state === 'REQUEST_PAYMENT_LINK'
    if (outcome.kind !== 'answered') {
      const state = outcome.kind === 'not-done' ? 'NOT_DONE' : 'UNCERTAIN'
      await noteAttempt(transaction, orderId, gateway, { state })
      return row
    }
    const { chargeId, status } = outcome.charge
    if (!isOurs) {
      if (row.gateway !== gateway) await noteAttempt(transaction, orderId, gateway, { state: 'TO_VOID', chargeId })
      return row
    }
    const isHeld = status === 'authorised' || status === 'pending'
    await noteAttempt(transaction, orderId, gateway, { state: isHeld ? 'HELD' : 'DECLINED', chargeId })
    const state = status === 'authorised' ? 'PAID' : status === 'pending' ? 'WAITING_FOR_PAYMENT' : 'FAILED'
    return movePayment(transaction, row, { state, gateway, charge_id: chargeId })
  })
}

export async function noteAttempt(
  db: Kysely<Tables>,
  orderId: string,
  gateway: string,
  { state, chargeId = null }: { state: AttemptState; chargeId?: string | null },
): Promise<void> {
  const values = { state, updated_at: new Date(), ...(chargeId !== null && { charge_id: chargeId }) }
  await db
    .insertInto('attempt')
    .values({ order_id: orderId, gateway, charge_id: chargeId, ...values })
    .onConflict((conflict) => conflict.columns(['order_id', 'gateway']).doUpdateSet(values))
    .execute()
}
