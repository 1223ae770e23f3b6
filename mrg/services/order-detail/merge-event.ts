import { type Dispatch, dispatch, type Order, order, type Payment, payment } from '../../contracts/booking.ts'
import type { Event } from '../../contracts/event.ts'

/** The newest that each service has said of one order. */
export interface Known {
  readonly order: Order | null
  readonly payment: Payment | null
  readonly dispatch: Dispatch | null
  readonly updatedAt: Date
}

export const nothingKnown: Known = { order: null, payment: null, dispatch: null, updatedAt: new Date(0) }

/**
 * What is known after an event. The newest version of each topic stays, so the outcome is the same in whatever order,
 * and however often, events come. Throws what zod throws for an event whose data has another shape.
 */
export function mergeEvent(known: Known, { topic, version, at, data }: Event): Known {
  const happenedAt = new Date(at)
  const updatedAt = happenedAt > known.updatedAt ? happenedAt : known.updatedAt
  const isOld = version <= (known[topic]?.version ?? Number.NEGATIVE_INFINITY)
  if (isOld) return { ...known, updatedAt }
  switch (topic) {
    case 'order':
      return { ...known, order: { ...order.parse(data), version }, updatedAt }
    case 'payment':
      return { ...known, payment: { ...payment.parse(data), version }, updatedAt }
    case 'dispatch':
      return { ...known, dispatch: { ...dispatch.parse(data), version }, updatedAt }
  }
}
