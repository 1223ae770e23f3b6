import type { Kysely } from 'kysely'
import * as z from 'zod'
import { amountIdr, type Payment, payment, paymentRequest } from '../../contracts/booking.ts'
import { type App, type Background, Problem } from '../../kernel/index.ts'
import { captureMoney } from './capture.ts'
import { type HoldContext, holdMoney } from './hold.ts'
import { describePayment, lockPayment, movePayment, type PaymentRow } from './move.ts'
import type { Tables } from './tables.ts'

const params = z.object({ orderId: z.uuid() })

export function addRoutes(app: App, context: HoldContext, jobs: { outbox: Background; settling: Background }): void {
  const { db } = context
  const answer = (row: PaymentRow): Payment => {
    jobs.outbox.nudge()
    return describePayment(row)
  }

  app.put(
    '/payments/:orderId',
    {
      schema: { summary: 'Have the money of an order held', params, body: paymentRequest, response: { 200: payment } },
    },
    async ({ params: { orderId }, body }) => {
      const row = await openPayment(db, orderId, body)
      if (row.amount_idr !== body.amountIdr || row.method !== body.method)
        throw new Problem(409, 'other-payment', { detail: 'This order has a payment of another amount or method.' })
      return answer(row.state === 'REQUEST_PAYMENT_LINK' ? await holdMoney(context, row) : row)
    },
  )

  app.get('/payments/:orderId', { schema: { params, response: { 200: payment } } }, async ({ params: { orderId } }) => {
    const row = await db.selectFrom('payment').selectAll().where('order_id', '=', orderId).executeTakeFirst()
    if (!row) throw new Problem(404, 'payment-not-found', { detail: 'There is no payment for this order.' })
    return describePayment(row)
  })

  app.post(
    '/payments/:orderId/capture',
    { schema: { summary: 'Charge what is held', params, body: z.object({ amountIdr }), response: { 200: payment } } },
    async ({ params: { orderId }, body }) => answer(await captureMoney(context, orderId, body.amountIdr)),
  )

  app.post(
    '/payments/:orderId/cancel',
    { schema: { summary: 'Let go what is held, or give back what was charged', params, response: { 200: payment } } },
    async ({ params: { orderId } }) => {
      const row = await cancelPayment(db, orderId)
      jobs.settling.nudge()
      return answer(row)
    },
  )
}

async function openPayment(
  db: Kysely<Tables>,
  orderId: string,
  { riderId, amountIdr, method }: z.infer<typeof paymentRequest>,
): Promise<PaymentRow> {
  const start = { state: 'REQUEST_PAYMENT_LINK', charge: 'NOT_CHARGED', version: 0 } as const
  await db
    .insertInto('payment')
    .values({ order_id: orderId, rider_id: riderId, amount_idr: amountIdr, method, ...start, ...nothingYet })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return db.selectFrom('payment').selectAll().where('order_id', '=', orderId).executeTakeFirstOrThrow()
}

const nothingYet = { gateway: null, charge_id: null, lease_by: null, lease_until: null }

/** Needs no gateway: what must be let go or given back is written down, and `settle.ts` sees to it. */
function cancelPayment(db: Kysely<Tables>, orderId: string): Promise<PaymentRow> {
  return db.transaction().execute(async (transaction) => {
    const row = await lockPayment(transaction, orderId)
    if (row.state === 'CANCELED' || row.state === 'FAILED' || row.state.includes('REFUND')) return row
    if (row.charge === 'CHARGING')
      throw new Problem(409, 'charging', { detail: 'The money is being charged now. Cancel again in a moment.' })
    if (row.charge === 'SUCCESS') return movePayment(transaction, row, { state: 'REQUEST_REFUND' })
    await transaction
      .updateTable('attempt')
      .set({ state: 'TO_VOID', updated_at: new Date() })
      .where('order_id', '=', orderId)
      .where('state', '=', 'HELD')
      .execute()
    return movePayment(transaction, row, { state: 'CANCELED' })
  })
}
