import type { Generated, JSONColumnType, Selectable } from 'kysely'
import type { PaymentMethod, Quote } from '../../contracts/booking.ts'
import type { DispatchState, OrderState } from '../../contracts/states.ts'

export interface Tables {
  readonly cart: CartTable
  readonly orders: OrderTable
  readonly idempotency: {
    readonly rider_id: string
    readonly key: string
    readonly request_hash: string
    readonly order_id: string
  }
}

/** What an order needs of its rider, as it was when the cart was made. */
export interface Passenger {
  readonly name: string
  readonly phone: string
}

interface CartTable {
  readonly cart_id: string
  readonly rider_id: string
  readonly rider: JSONColumnType<Passenger>
  readonly quote: JSONColumnType<Quote>
  readonly payment_method: PaymentMethod
  readonly expires_at: Date
  readonly order_id: string | null
}

interface OrderTable {
  readonly order_id: string
  readonly rider_id: string
  readonly rider: JSONColumnType<Passenger>
  readonly quote: JSONColumnType<Quote>
  readonly payment_method: PaymentMethod
  readonly state: OrderState
  readonly version: number
  readonly reason: string | null
  readonly called_off: Generated<boolean>
  readonly dispatch_state: DispatchState | null
  readonly dispatch_version: Generated<number>
  readonly created_at: Generated<Date>
  readonly updated_at: Generated<Date>
}

export type CartRow = Selectable<CartTable>
export type OrderRow = Selectable<OrderTable>
