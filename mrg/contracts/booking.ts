import * as z from 'zod'
import type { ChargeState, DispatchState, OrderState, PaymentState } from './states.ts'

const stateOf = <State extends string>() => z.string() as unknown as z.ZodType<State>

export const place = z.object({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  address: z.string().min(1).max(200),
})
export type Place = z.infer<typeof place>

/** Whole rupiah. */
export const amountIdr = z.int().min(1).max(100_000_000)
/** A moment, in ISO 8601 and UTC; pages show it in Asia/Jakarta. */
export const moment = z.iso.datetime({ offset: true })

export const paymentMethod = z.enum(['card', 'e-wallet'])
export type PaymentMethod = z.infer<typeof paymentMethod>

export const quoteRequest = z.object({ pickup: place, dropoff: place })
export const quote = z.object({
  quoteId: z.uuid(),
  pickup: place,
  dropoff: place,
  distanceM: z.int().min(0),
  durationS: z.int().min(0),
  fareIdr: amountIdr,
  /** Not today's price: the last good one, or the tariff of the zone. */
  isEstimate: z.boolean(),
  basis: z.enum(['price-manager', 'last-good-price', 'zone-tariff']),
  expiresAt: moment,
})
export type Quote = z.infer<typeof quote>

export const rider = z.object({
  riderId: z.string().min(1).max(64),
  name: z.string(),
  phone: z.string(),
  favourites: z.array(z.object({ label: z.string(), place })),
  paymentMethods: z.array(paymentMethod),
})
export type Rider = z.infer<typeof rider>

export const cartRequest = z.object({ quoteId: z.uuid(), paymentMethod })
export const cart = z.object({ cartId: z.uuid(), quote, paymentMethod, expiresAt: moment })
export type Cart = z.infer<typeof cart>

export const orderRequest = z.object({ cartId: z.uuid() })
/** What the Order Orchestrator knows of an order. */
export const order = z.object({
  orderId: z.uuid(),
  riderId: z.string(),
  state: stateOf<OrderState>(),
  version: z.int(),
  fareIdr: amountIdr,
  isEstimate: z.boolean(),
  pickup: place,
  dropoff: place,
  reason: z.string().nullable(),
  createdAt: moment,
})
export type Order = z.infer<typeof order>

export const driver = z.object({ name: z.string().min(1).max(80), phone: z.string().min(5).max(20) })
export const vehicle = z.object({ plate: z.string().min(3).max(12), kind: z.string().max(40) })

export const dispatchRequest = z.object({
  pickup: place,
  dropoff: place,
  rider: z.object({ name: z.string(), phone: z.string() }),
  fareIdr: amountIdr,
})
export const dispatch = z.object({
  orderId: z.uuid(),
  state: stateOf<DispatchState>(),
  version: z.int(),
  driver: driver.nullable(),
  vehicle: vehicle.nullable(),
  reason: z.string().nullable(),
})
export type Dispatch = z.infer<typeof dispatch>

export const paymentRequest = z.object({ riderId: z.string(), amountIdr, method: paymentMethod })
export const payment = z.object({
  orderId: z.uuid(),
  state: stateOf<PaymentState>(),
  charge: stateOf<ChargeState>(),
  version: z.int(),
  amountIdr,
  gateway: z.string().nullable(),
})
export type Payment = z.infer<typeof payment>

/** One text in the languages of MRG's riders. */
const message = z.object({ id: z.string(), en: z.string() })
export type Message = z.infer<typeof message>

/** An order as its rider sees it: what every service knows of it. */
export const orderView = z.object({
  orderId: z.uuid(),
  riderId: z.string(),
  /** Null while the User Service cannot say. */
  riderName: z.string().nullable(),
  state: stateOf<OrderState>(),
  fareIdr: amountIdr,
  isEstimate: z.boolean(),
  pickup: place,
  dropoff: place,
  payment: z.object({ state: stateOf<PaymentState>(), charge: stateOf<ChargeState>() }).nullable(),
  dispatch: z
    .object({ state: stateOf<DispatchState>(), driver: driver.nullable(), vehicle: vehicle.nullable() })
    .nullable(),
  message,
  /** Only the order itself is known now, not its payment and taxi. */
  isPartial: z.boolean(),
  createdAt: moment,
  updatedAt: moment,
})
export type OrderView = z.infer<typeof orderView>

export const cancelRequest = z.object({ reason: z.string().min(1).max(200) })
