import type { Generated } from 'kysely'
import type { PaymentMethod } from '../../contracts/booking.ts'
import type { ChargeState, PaymentState } from '../../contracts/states.ts'

export interface Tables {
  readonly payment: PaymentTable
  readonly attempt: AttemptTable
  readonly webhook: { readonly gateway: string; readonly event_id: string }
}

export type AttemptState = 'SENT' | 'HELD' | 'DECLINED' | 'NOT_DONE' | 'UNCERTAIN' | 'TO_VOID' | 'VOIDED'

interface PaymentTable {
  readonly order_id: string
  readonly rider_id: string
  readonly amount_idr: number
  readonly method: PaymentMethod
  readonly state: PaymentState
  readonly charge: ChargeState
  readonly version: number
  readonly gateway: string | null
  readonly charge_id: string | null
  readonly lease_by: string | null
  readonly lease_until: Date | null
  readonly created_at: Generated<Date>
  readonly updated_at: Generated<Date>
}

interface AttemptTable {
  readonly order_id: string
  readonly gateway: string
  readonly state: AttemptState
  readonly charge_id: string | null
  readonly updated_at: Generated<Date>
}
