import type { JSONColumnType } from 'kysely'
import type { Place, Quote } from '../../contracts/booking.ts'

export interface Tables {
  readonly quote: QuoteTable
  readonly last_good_price: LastGoodPriceTable
}

interface QuoteTable {
  readonly quote_id: string
  readonly pickup: JSONColumnType<Place>
  readonly dropoff: JSONColumnType<Place>
  readonly distance_m: number
  readonly duration_s: number
  readonly fare_idr: number
  readonly is_estimate: boolean
  readonly basis: Quote['basis']
  readonly expires_at: Date
}

interface LastGoodPriceTable {
  readonly from_zone: string
  readonly to_zone: string
  readonly fare_idr: number
  readonly priced_at: Date
}
