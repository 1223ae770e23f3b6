import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Kysely } from 'kysely'
import { dispatch, payment } from '../../contracts/booking.ts'
import type { Event } from '../../contracts/event.ts'
import type { Sagas } from './saga.ts'
import type { Tables } from './tables.ts'

/**
 * What payments and taxis report, turned into steps of the order. Starting a saga twice starts it once, and older news of a
 * taxi changes nothing: so events may come twice and in any order.
 */
export async function hear(event: Event, { db, sagas }: { db: Kysely<Tables>; sagas: Sagas }): Promise<void> {
  const { orderId, topic, version } = event
  if (topic === 'payment') {
    // The first word of a payment is the answer its saga got; only later ones are news to it.
    const { state, charge } = payment.parse(event.data)
    if (version > 1 && state !== 'WAITING_FOR_PAYMENT' && charge === 'NOT_CHARGED')
      await DBOS.send(orderId, state, 'payment', `payment ${orderId} ${version}`)
    return
  }
  const { state, reason } = dispatch.parse(event.data)
  if (state === 'DROP_OFF') await sagas.settle(orderId)
  if (state === 'CANCELED' || state === 'NO_TAXI' || state === 'TAXI_NO_SHOW' || state === 'DISPATCH_FAILED')
    await sagas.undo(orderId, `dispatch ${version}`, reason ?? `No taxi: ${state}.`)
  await db
    .updateTable('orders')
    .set({ dispatch_state: state, dispatch_version: version })
    .where('order_id', '=', orderId)
    .where('dispatch_version', '<', version)
    .execute()
}
