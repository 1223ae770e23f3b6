import type { Logger } from 'pino'
import * as z from 'zod'
import { isFinal, type OrderState, orderMachine } from '../../contracts/states.ts'
import { createAgenda } from '../agenda.ts'
import { type Api, NotDoneError } from './api.ts'
import type { AcknowledgedOrder } from './ledger.ts'
import type { Pace } from './pace.ts'

const LOOKS_AT_ONCE_MAX = 100
const states = Object.keys(orderMachine.moves) as OrderState[]
const view = z.object({ state: z.enum(states), dispatch: z.object({ state: z.string() }).nullable() })

/** Riders look at their orders again and again, until each is over or too old. */
export interface Onlooker {
  add(order: AcknowledgedOrder, firstLookInMs: number): void
  /** How many orders were last shown in each state, finished ones included; and how many are still looked at. */
  describe(): {
    watched: number
    failedLooks: number
    shown: { order: Record<string, number>; dispatch: Record<string, number> }
  }
  stop(): void
}

export function createOnlooker({ api, pace, log }: { api: Api; pace: Pace; log: Logger }): Onlooker {
  const lastShown = new Map<string, { order: string; dispatch: string }>()
  const shown = { order: new Map<string, number>(), dispatch: new Map<string, number>() }
  let watched = 0
  let failedLooks = 0
  const agenda = createAgenda({ perform: look, atOnceMax: LOOKS_AT_ONCE_MAX, log })

  async function look(order: AcknowledgedOrder): Promise<number | undefined> {
    const isOver = await isSeenFinal(order)
    const isOld = Date.now() - order.acknowledgedAtMs > pace.lookMsMax
    if (!isOver && !isOld) return pace.lookEveryMs
    lastShown.delete(order.orderId)
    watched -= 1
    return undefined
  }

  /** A look that fails shows nothing new. */
  async function isSeenFinal({ orderId, phone }: AcknowledgedOrder): Promise<boolean> {
    try {
      const { state, dispatch } = await api.get(phone, { path: `/v1/orders/${orderId}`, answer: view })
      note(orderId, { order: state, dispatch: dispatch?.state ?? 'none' })
      return isFinal(orderMachine, state)
    } catch (error) {
      if (!(error instanceof NotDoneError)) throw error
      failedLooks += 1
      return false
    }
  }

  function note(orderId: string, now: { order: string; dispatch: string }): void {
    const before = lastShown.get(orderId)
    for (const part of ['order', 'dispatch'] as const) {
      if (before) count(shown[part], before[part], -1)
      count(shown[part], now[part], 1)
    }
    lastShown.set(orderId, now)
  }

  return {
    add(order, firstLookInMs) {
      watched += 1
      agenda.add(order, firstLookInMs)
    },
    describe: () => ({
      watched,
      failedLooks,
      shown: { order: Object.fromEntries(shown.order), dispatch: Object.fromEntries(shown.dispatch) },
    }),
    stop: () => agenda.stop(),
  }
}

function count(counts: Map<string, number>, state: string, change: number): void {
  const next = (counts.get(state) ?? 0) + change
  if (next === 0) counts.delete(state)
  else counts.set(state, next)
}
