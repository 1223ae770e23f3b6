import * as z from 'zod'
import { amountIdr } from '../../contracts/booking.ts'
import { point } from '../road.ts'
import type { Driver, Vehicle } from './fleet.ts'
import type { TripState } from './trip.ts'

export const taxiRequest = z.object({
  reference: z.string().min(1).max(100),
  pickup: point.loose(),
  dropoff: point.loose(),
  passenger: z.object({ name: z.string().max(100), phone: z.string().max(30) }),
  fareIdr: amountIdr,
})
export type TaxiRequest = z.infer<typeof taxiRequest>

/** One state of an order, and all that was known of it then. */
export interface Step {
  readonly state: TripState
  /** 1 for CREATED, and one more with each change. */
  readonly sequence: number
  readonly driver: Driver | null
  readonly vehicle: Vehicle | null
  readonly reason: string | null
  readonly at: string
}

export interface TaxiOrder {
  readonly bbdId: string
  /** Decides how its trip goes. */
  readonly seed: string
  readonly request: TaxiRequest
  readonly history: readonly [Step, ...Step[]]
}

export type TaxiChange =
  | { readonly kind: 'ordered'; readonly order: TaxiOrder }
  | { readonly kind: 'moved'; readonly bbdId: string; readonly step: Step }

/** Every order ever taken. Asking for one reference twice makes two: this partner does not know the word idempotent. */
export class TaxiOrders {
  readonly #orders = new Map<string, TaxiOrder>()
  readonly #idsByReference = new Map<string, string[]>()

  apply(change: TaxiChange): void {
    if (change.kind === 'moved') {
      const order = this.#orders.get(change.bbdId)
      if (order) this.#orders.set(order.bbdId, { ...order, history: [...order.history, change.step] })
      return
    }
    const { bbdId, request } = change.order
    this.#orders.set(bbdId, change.order)
    this.#idsByReference.set(request.reference, [...(this.#idsByReference.get(request.reference) ?? []), bbdId])
  }

  find(bbdId: string): TaxiOrder | undefined {
    return this.#orders.get(bbdId)
  }

  findByReference(reference: string): TaxiOrder[] {
    return (this.#idsByReference.get(reference) ?? []).flatMap((bbdId) => this.#orders.get(bbdId) ?? [])
  }

  all(): TaxiOrder[] {
    return [...this.#orders.values()]
  }
}

export function lastStep({ history }: TaxiOrder): Step {
  return history.at(-1) ?? history[0]
}

export function isOver(order: TaxiOrder): boolean {
  return ['COMPLETED', 'CANCELLED'].includes(lastStep(order).state)
}

/** An order as callers see it. */
export function showOrder(order: TaxiOrder) {
  return { bbdId: order.bbdId, ...order.request, ...lastStep(order), createdAt: order.history[0].at }
}
