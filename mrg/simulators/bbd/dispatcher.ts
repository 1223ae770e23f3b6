import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { Problem } from '../../kernel/index.ts'
import { createAgenda } from '../agenda.ts'
import type { Books } from '../books.ts'
import type { Faults } from '../faults.ts'
import {
  isOver,
  lastStep,
  type Step,
  type TaxiChange,
  type TaxiOrder,
  type TaxiOrders,
  type TaxiRequest,
} from './orders.ts'
import { type Paces, planTrip } from './trip.ts'

/** Takes orders and moves them along by itself; each change is in the books before anyone hears of it. */
export interface Dispatcher {
  take(request: TaxiRequest): TaxiOrder
  cancel(order: TaxiOrder, reason: string): TaxiOrder
  stop(): void
}

export function createDispatcher(options: {
  orders: TaxiOrders
  books: Books<TaxiChange>
  faults: Faults
  paces: Paces
  log: Logger
}): Dispatcher {
  const { orders, books, faults, paces, log } = options
  const agenda = createAgenda({ perform: advance, atOnceMax: 1, log })
  for (const order of orders.all()) schedule(order)

  function schedule(order: TaxiOrder): void {
    const dueInMs = nextStepInMs(order, paces)
    if (dueInMs !== undefined) agenda.add(order.bbdId, dueInMs)
  }

  async function advance(bbdId: string): Promise<number | undefined> {
    const order = orders.find(bbdId)
    const next = order && nextStep(order, paces)
    if (!next) return undefined
    const isFirst = lastStep(order).state === 'CREATED'
    const moved =
      isFirst && faults.get('no-taxi')
        ? move(order, { state: 'CANCELLED', reason: 'NO_AVAILABILITY' })
        : move(order, { state: next.state, ...next.taxi })
    return nextStepInMs(moved, paces)
  }

  /** What the change does not say stays as it was, but for the reason. */
  function move(order: TaxiOrder, change: Partial<Step> & Pick<Step, 'state'>): TaxiOrder {
    const { bbdId, request } = order
    const last = lastStep(order)
    const { state, driver = last.driver, vehicle = last.vehicle, reason = null } = change
    const step: Step = { state, sequence: last.sequence + 1, driver, vehicle, reason, at: now() }
    const eventId = randomUUID()
    const body = { eventId, bbdId, reference: request.reference, ...step }
    books.write({ kind: 'moved', bbdId, step }, { eventId, body })
    return orders.find(bbdId) ?? order
  }

  return {
    take(request) {
      const earlier = orders.findByReference(request.reference).length
      const seed = earlier === 0 ? request.reference : `${request.reference} again ${earlier}`
      const step: Step = { state: 'CREATED', sequence: 1, driver: null, vehicle: null, reason: null, at: now() }
      const order: TaxiOrder = { bbdId: randomUUID(), seed, request, history: [step] }
      books.write({ kind: 'ordered', order })
      schedule(order)
      return order
    },
    cancel(order, reason) {
      const { state } = lastStep(order)
      if (state === 'CANCELLED') return order
      if (state === 'ENGAGED' || state === 'COMPLETED')
        throw new Problem(409, 'too-late', { detail: `The order is ${state}: it can no longer be cancelled.` })
      return move(order, { state: 'CANCELLED', reason })
    },
    stop: () => agenda.stop(),
  }
}

function nextStep(order: TaxiOrder, paces: Paces) {
  return isOver(order) ? undefined : planTrip(order.seed, paces)[order.history.length - 1]
}

/** Counted from the last change, so that a restart neither stops an order nor starts its wait again. */
function nextStepInMs(order: TaxiOrder, paces: Paces): number | undefined {
  const next = nextStep(order, paces)
  return next && Math.max(0, Date.parse(lastStep(order).at) + next.afterMs - Date.now())
}

const now = () => new Date().toISOString()
