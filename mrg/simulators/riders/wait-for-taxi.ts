import { setTimeout as pause } from 'node:timers/promises'
import { type OrderView, orderView } from '../../contracts/booking.ts'
import { type Api, NotDoneError } from './api.ts'

const LOOK_EVERY_MS = 500
const view = orderView.pick({ state: true, dispatch: true, isPartial: true })

/** Whether the rider is told within `withinMs` that the order is in the hands of somebody who gets a taxi. */
export async function waitForTaxi(
  { phone, orderId, withinMs }: { phone: string; orderId: string; withinMs: number },
  api: Api,
): Promise<boolean> {
  const endMs = performance.now() + withinMs
  while (performance.now() < endMs) {
    try {
      if (isInHand(await api.get(phone, { path: `/v1/orders/${orderId}`, answer: view }))) return true
    } catch (error) {
      if (!(error instanceof NotDoneError)) throw error
    }
    await pause(LOOK_EVERY_MS)
  }
  return false
}

/** A partial view knows of no taxi: then the order itself has to do. */
function isInHand({ state, dispatch, isPartial }: Pick<OrderView, 'state' | 'dispatch' | 'isPartial'>): boolean {
  if (dispatch) return dispatch.state !== 'PENDING_DISPATCH' && dispatch.state !== 'DISPATCH_UNKNOWN'
  return isPartial && state === 'ACTIVE'
}
