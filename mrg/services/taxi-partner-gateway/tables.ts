import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely'
import type * as z from 'zod'
import type { driver, Place, vehicle } from '../../contracts/booking.ts'
import type { DispatchState } from '../../contracts/states.ts'

export interface Tables {
  readonly called_off: { readonly order_id: string; readonly asked_at: Generated<Date> }
  readonly dispatch: DispatchTable
  readonly attempt: {
    readonly id: Generated<number>
    readonly order_id: string
    readonly at: Generated<Date>
    readonly ask: string
    readonly outcome: string
  }
  readonly stray: { readonly bbd_id: string; readonly order_id: string; readonly try_after: Generated<Date> }
  readonly audit: {
    readonly id: Generated<number>
    readonly at: Generated<Date>
    readonly operator: string
    readonly action: string
    readonly order_id: string | null
    readonly detail: string
  }
  readonly shift_note: {
    readonly id: Generated<number>
    readonly at: Generated<Date>
    readonly operator: string
    readonly text: string
  }
  readonly bridge: { readonly instance: string; readonly breaker: string; readonly seen_at: Date }
}

export type Driver = z.infer<typeof driver>
export type Vehicle = z.infer<typeof vehicle>
type Json<T extends object> = JSONColumnType<T>
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>

interface DispatchTable {
  readonly order_id: string
  readonly state: DispatchState
  readonly version: number
  readonly pickup: Json<Place>
  readonly dropoff: Json<Place>
  readonly rider: Json<{ name: string; phone: string }>
  readonly fare_idr: number
  readonly reason: string | null
  readonly driver: NullableJson<Driver>
  readonly vehicle: NullableJson<Vehicle>
  readonly bbd_id: string | null
  readonly bbd_sequence: Generated<number>
  readonly seen_at: Date | null
  readonly sent_at: Date | null
  readonly lease_until: Date | null
  readonly try_after: Generated<Date>
  readonly queued_at: Date | null
  readonly claimed_by: string | null
  readonly claimed_until: Date | null
  readonly held_note: string | null
  readonly created_at: Generated<Date>
  readonly updated_at: Generated<Date>
}

export type DispatchRow = Selectable<DispatchTable>
