import type { Order, OrderView } from '../../contracts/booking.ts'
import { messageFor } from '../../contracts/messages.ts'

/** What can be shown of an order while only the Order Orchestrator knows of it. */
export function partialView(order: Order): OrderView {
  const { orderId, riderId, state, fareIdr, isEstimate, pickup, dropoff, createdAt } = order
  return {
    orderId,
    riderId,
    riderName: null,
    state,
    fareIdr,
    isEstimate,
    pickup,
    dropoff,
    payment: null,
    dispatch: null,
    message: messageFor({ order, payment: null, dispatch: null }),
    isPartial: true,
    createdAt,
    updatedAt: createdAt,
  }
}
