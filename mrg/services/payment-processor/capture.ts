import { Problem, UpstreamError } from '../../kernel/index.ts'
import type { HoldContext } from './hold.ts'
import { lockPayment, movePayment, type PaymentRow } from './move.ts'

/**
 * Charges what is held, once however often it is asked: CHARGING is written before the gateway is asked, and the
 * gateway knows the key. FAILED when the gateway refuses for good. Throws what its guard throws; ask again then.
 */
export async function captureMoney(
  { db, gateways }: HoldContext,
  orderId: string,
  amountIdr: number,
): Promise<PaymentRow> {
  const row = await db.transaction().execute(async (transaction) => {
    const locked = await lockPayment(transaction, orderId)
    if (locked.charge === 'SUCCESS' || locked.charge === 'CHARGING') return locked
    if (locked.state !== 'PAID')
      throw new Problem(409, 'nothing-held', { detail: `A payment that is ${locked.state} cannot be charged.` })
    if (amountIdr > locked.amount_idr)
      throw new Problem(422, 'more-than-held', { detail: `Only ${locked.amount_idr} IDR are held.` })
    return movePayment(transaction, locked, { charge: 'CHARGING' })
  })
  if (row.charge === 'SUCCESS') return row
  const gateway = gateways.find(({ name }) => name === row.gateway)
  if (!gateway || row.charge_id === null) throw new Error(`payment ${orderId} is held by no gateway that is known`)
  const charge = await gateway.capture(row.charge_id, amountIdr).then(
    () => 'SUCCESS' as const,
    (error: unknown) => {
      if (error instanceof UpstreamError && (error.status === 409 || error.status === 422)) return 'FAILED' as const
      throw error
    },
  )
  return db.transaction().execute(async (transaction) => {
    const locked = await lockPayment(transaction, orderId)
    return locked.charge === 'CHARGING' ? movePayment(transaction, locked, { charge }) : locked
  })
}
