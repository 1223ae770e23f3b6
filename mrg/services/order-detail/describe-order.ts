import type { Selectable } from 'kysely'
import type { Order, OrderView } from '../../contracts/booking.ts'
import { messageFor } from '../../contracts/messages.ts'
import type { Tables } from './tables.ts'

/** A row whose order is known. */
export interface KnownOrder extends Selectable<Tables['order_view']> {
  readonly order: Order
}

/** The order as its rider sees it. */
export function describeOrder(
  { order, payment, dispatch, updated_at }: KnownOrder,
  riderName: string | null,
): OrderView {
  const { orderId, riderId, state, fareIdr, isEstimate, pickup, dropoff, createdAt } = order
  return {
    orderId,
    riderId,
    riderName,
    state,
    fareIdr,
    isEstimate,
    pickup,
    dropoff,
    payment: payment && { state: payment.state, charge: payment.charge },
    dispatch: dispatch && { state: dispatch.state, driver: dispatch.driver, vehicle: dispatch.vehicle },
    message: messageFor({ order, payment, dispatch }),
    isPartial: false,
    createdAt,
    updatedAt: updated_at.toISOString(),
  }
}
