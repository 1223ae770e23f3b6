import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { Problem } from '../../kernel/index.ts'
import { createAgenda } from '../agenda.ts'
import type { Books } from '../books.ts'
import {
  type Asked,
  type Charge,
  type ChargeChange,
  type ChargeRequest,
  type Charges,
  type OperationName,
  RULES,
} from './charges.ts'

/** Amounts that end like this are declined, so that a test can have a rider who cannot pay. */
const DECLINED_ENDING = 13

/** Every operation may be asked for again, under the same key or another: it is done once. */
export interface Cashier {
  charge(request: ChargeRequest, key: string): Charge
  operate(charge: Charge, order: { operation: OperationName; amountIdr: number; key: string }): Charge
  stop(): void
}

export function createCashier(options: {
  charges: Charges
  books: Books<ChargeChange>
  settleMs: number
  log: Logger
}): Cashier {
  const { charges, books, settleMs, log } = options
  const agenda = createAgenda({ perform: settle, atOnceMax: 1, log })
  for (const { chargeId, status } of charges.all()) if (status === 'pending') agenda.add(chargeId, settleMs)

  /** The rider has confirmed in the wallet's app, or was refused there. */
  async function settle(chargeId: string): Promise<undefined> {
    const charge = charges.find(chargeId)
    if (charge?.status !== 'pending') return
    change(charge, { operation: isDeclined(charge) ? 'decline' : 'authorise', amountIdr: charge.amountIdr })
  }

  function change(charge: Charge, order: { operation: OperationName; amountIdr: number; asked?: Asked }): Charge {
    const { chargeId } = charge
    const { operation, amountIdr, asked } = order
    const at = new Date().toISOString()
    books.write(
      { kind: 'changed', chargeId, operation: { operation, amountIdr, at }, ...(asked && { asked }) },
      describeChange(charge, { status: RULES[operation].to, amountIdr, at }),
    )
    return charges.find(chargeId) ?? charge
  }

  return {
    charge(request, key) {
      const asked = { key, what: `charge ${JSON.stringify(request)}` }
      const known = findAsked(charges, asked)
      if (known) return known
      const charge = newCharge(request)
      const { status, amountIdr, createdAt } = charge
      const isSettled = status !== 'pending'
      books.write(
        { kind: 'charged', charge, asked },
        isSettled ? describeChange(charge, { status, amountIdr, at: createdAt }) : undefined,
      )
      if (!isSettled) agenda.add(charge.chargeId, settleMs)
      return charge
    },
    operate(charge, { operation, amountIdr, key }) {
      const asked = { key, what: `${operation} ${charge.chargeId} ${amountIdr}` }
      const known = findAsked(charges, asked)
      if (known) return known
      const { from, to } = RULES[operation]
      if (charge.status === to) return charge
      if (!from.includes(charge.status))
        throw new Problem(409, 'wrong-state', { detail: `A charge that is ${charge.status} allows no ${operation}.` })
      const limitIdr = operation === 'refund' ? charge.capturedIdr : charge.amountIdr
      if (amountIdr > limitIdr)
        throw new Problem(409, 'amount-too-high', { detail: `${operation}: no more than ${limitIdr} rupiah.` })
      return change(charge, { operation, amountIdr, asked })
    },
    stop: () => agenda.stop(),
  }
}

function findAsked(charges: Charges, { key, what }: Asked): Charge | undefined {
  const known = charges.findAsked(key)
  if (known && known.what !== what)
    throw new Problem(409, 'idempotency-key-reused', { detail: 'This Idempotency-Key was used for something else.' })
  return known?.charge
}

function newCharge(request: ChargeRequest): Charge {
  const atOnce = isDeclined(request) ? 'declined' : 'authorised'
  return {
    ...request,
    chargeId: randomUUID(),
    status: request.method === 'card' ? atOnce : 'pending',
    capturedIdr: 0,
    refundedIdr: 0,
    operations: [],
    createdAt: new Date().toISOString(),
  }
}

const isDeclined = ({ amountIdr }: ChargeRequest) => amountIdr % 100 === DECLINED_ENDING

function describeChange(charge: Charge, change: { status: string; amountIdr: number; at: string }) {
  const { chargeId, reference } = charge
  const { status, amountIdr, at } = change
  const eventId = randomUUID()
  return { eventId, body: { eventId, type: `charge.${status}`, chargeId, reference, amountIdr, at } }
}
