import type { JSONColumnType } from 'kysely'
import type { PaymentMethod, Place } from '../../contracts/booking.ts'

export interface Tables {
  readonly rider: RiderTable
}

interface RiderTable {
  readonly rider_id: string
  readonly phone: string
  readonly name: string
  readonly favourites: JSONColumnType<{ label: string; place: Place }[]>
  readonly payment_methods: JSONColumnType<PaymentMethod[]>
}
