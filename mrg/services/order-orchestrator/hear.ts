import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Kysely } from 'kysely'
import { dispatch } from '../../contracts/booking.ts'
import type { Event } from '../../contracts/event.ts'
import { handleOnce } from '../../kernel/index.ts'
import type { Sagas } from './saga.ts'
import type { Tables } from './tables.ts'

/** What payments and taxis report, turned into steps of the order. Starting a saga twice starts it once. */
export async function hear(event: Event, { db, sagas }: { db: Kysely<Tables>; sagas: Sagas }): Promise<void> {
  const { orderId, topic, version } = event
  if (topic === 'payment') {
    await DBOS.send(orderId, event.status, 'payment', `payment ${orderId} ${version}`)
    return
  }
  const { state, reason } = dispatch.parse(event.data)
  if (state === 'DROP_OFF') await sagas.settle(orderId)
  if (state === 'CANCELED' || state === 'NO_TAXI' || state === 'TAXI_NO_SHOW' || state === 'DISPATCH_FAILED')
    await sagas.undo(orderId, `dispatch ${version}`, reason ?? `No taxi: ${state}.`)
  await handleOnce(db, event, async (transaction) => {
    await transaction.updateTable('orders').set({ dispatch_state: state }).where('order_id', '=', orderId).execute()
  })
}
