import type { JSONColumnType } from 'kysely'
import type { Dispatch, Order, Payment } from '../../contracts/booking.ts'

export interface Tables {
  readonly order_view: OrderViewTable
}

type Nullable<Value extends object> = JSONColumnType<Value | null, string | null, string | null>

interface OrderViewTable {
  readonly order_id: string
  /** Null, as `created_at`, until the order's own news has come. */
  readonly rider_id: string | null
  readonly created_at: Date | null
  readonly order: Nullable<Order>
  readonly payment: Nullable<Payment>
  readonly dispatch: Nullable<Dispatch>
  readonly updated_at: Date
}
