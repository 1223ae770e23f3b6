import type { Kysely, Selectable, Updateable } from 'kysely'
import type { Payment } from '../../contracts/booking.ts'
import { chargeMachine, mayMove, paymentMachine } from '../../contracts/states.ts'
import { Problem, writeEvent } from '../../kernel/index.ts'
import type { Tables } from './tables.ts'

export type PaymentRow = Selectable<Tables['payment']>
export type Change = Pick<Updateable<Tables['payment']>, 'state' | 'charge' | 'gateway' | 'charge_id'>

/** The payment, locked until the transaction ends. */
export async function lockPayment(transaction: Kysely<Tables>, orderId: string): Promise<PaymentRow> {
  const row = await transaction
    .selectFrom('payment')
    .selectAll()
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Problem(404, 'payment-not-found', { detail: 'There is no payment for this order.' })
  return row
}

/** Moves a locked payment on, and tells everyone in the same transaction. Refuses what its machines do not allow. */
export async function movePayment(transaction: Kysely<Tables>, row: PaymentRow, change: Change): Promise<PaymentRow> {
  const { state = row.state, charge = row.charge } = change
  if (state !== row.state && !mayMove(paymentMachine, row.state, state)) throw refuse(row.state, state)
  if (charge !== row.charge && !mayMove(chargeMachine, row.charge, charge)) throw refuse(row.charge, charge)
  const moved = await transaction
    .updateTable('payment')
    .set({ ...change, version: row.version + 1, updated_at: new Date() })
    .where('order_id', '=', row.order_id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await writeEvent(transaction as Kysely<never>, {
    topic: 'payment',
    orderId: moved.order_id,
    status: `${moved.state}/${moved.charge}`,
    version: moved.version,
    at: moved.updated_at.toISOString(),
    data: { ...describePayment(moved) },
  })
  return moved
}

export function describePayment(row: PaymentRow): Payment {
  return {
    orderId: row.order_id,
    state: row.state,
    charge: row.charge,
    version: row.version,
    amountIdr: row.amount_idr,
    gateway: row.gateway,
  }
}

function refuse(from: string, to: string): Problem {
  return new Problem(409, 'illegal-transition', { detail: `A payment that is ${from} cannot become ${to}.` })
}
