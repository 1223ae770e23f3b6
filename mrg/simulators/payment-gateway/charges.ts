import * as z from 'zod'
import { amountIdr, paymentMethod } from '../../contracts/booking.ts'

export const chargeRequest = z.object({ reference: z.string().min(1).max(100), amountIdr, method: paymentMethod })
export type ChargeRequest = z.infer<typeof chargeRequest>

export type ChargeStatus = 'pending' | 'authorised' | 'declined' | 'captured' | 'voided' | 'refunded'
export type OperationName = 'authorise' | 'decline' | 'capture' | 'void' | 'refund'

export interface Operation {
  readonly operation: OperationName
  readonly amountIdr: number
  readonly at: string
}

export interface Charge extends ChargeRequest {
  readonly chargeId: string
  readonly status: ChargeStatus
  readonly capturedIdr: number
  readonly refundedIdr: number
  readonly operations: readonly Operation[]
  readonly createdAt: string
}

/** What a caller asked for under which key: asking again gets the same, asking for something else is refused. */
export interface Asked {
  readonly key: string
  readonly what: string
}

export type ChargeChange =
  | { readonly kind: 'charged'; readonly charge: Charge; readonly asked: Asked }
  | { readonly kind: 'changed'; readonly chargeId: string; readonly operation: Operation; readonly asked?: Asked }

/** From which states each operation leads, and to which. */
export const RULES: Readonly<Record<OperationName, { from: readonly ChargeStatus[]; to: ChargeStatus }>> = {
  authorise: { from: ['pending'], to: 'authorised' },
  decline: { from: ['pending'], to: 'declined' },
  capture: { from: ['authorised'], to: 'captured' },
  void: { from: ['pending', 'authorised'], to: 'voided' },
  refund: { from: ['captured'], to: 'refunded' },
}

/** Every charge ever asked for, and the keys under which they were. */
export class Charges {
  readonly #charges = new Map<string, Charge>()
  readonly #idsByReference = new Map<string, string[]>()
  readonly #asked = new Map<string, { what: string; chargeId: string }>()

  apply(change: ChargeChange): void {
    const charge = change.kind === 'charged' ? change.charge : this.#operate(change.chargeId, change.operation)
    const { chargeId, reference } = charge
    this.#charges.set(chargeId, charge)
    if (change.asked) this.#asked.set(change.asked.key, { what: change.asked.what, chargeId })
    if (change.kind === 'charged')
      this.#idsByReference.set(reference, [...(this.#idsByReference.get(reference) ?? []), chargeId])
  }

  find(chargeId: string): Charge | undefined {
    return this.#charges.get(chargeId)
  }

  findByReference(reference: string): Charge[] {
    return (this.#idsByReference.get(reference) ?? []).flatMap((chargeId) => this.find(chargeId) ?? [])
  }

  findAsked(key: string): { what: string; charge: Charge } | undefined {
    const asked = this.#asked.get(key)
    const charge = asked && this.find(asked.chargeId)
    return charge && { what: asked.what, charge }
  }

  all(): Charge[] {
    return [...this.#charges.values()]
  }

  #operate(chargeId: string, operation: Operation): Charge {
    const charge = this.find(chargeId)
    if (!charge) throw new Error(`the books change the charge ${chargeId} before they have it`)
    return {
      ...charge,
      status: RULES[operation.operation].to,
      ...(operation.operation === 'capture' && { capturedIdr: operation.amountIdr }),
      ...(operation.operation === 'refund' && { refundedIdr: operation.amountIdr }),
      operations: [...charge.operations, operation],
    }
  }
}
