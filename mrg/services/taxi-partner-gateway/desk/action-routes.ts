import * as z from 'zod'
import type { App } from '../../../kernel/index.ts'
import type { DispatchRow } from '../tables.ts'
import * as actions from './actions.ts'
import type { Desk } from './desk.ts'
import { operatorOf } from './operator.ts'
import { readOrder } from './queue.ts'

const params = z.object({ orderId: z.uuid() })
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must be one line')
const assignment = z.strictObject({
  driver: z.strictObject({
    name: line(80),
    phone: z
      .string()
      .trim()
      .regex(/^\+?[0-9][0-9 ()-]{3,18}$/, 'must be a phone number'),
  }),
  vehicle: z.strictObject({ plate: line(12).min(3), kind: line(40) }),
})
const MAY_BE_AT_BBD =
  'BBD may have this order too. It is asked as soon as it answers, and what it has is cancelled there.'

/** What operators do. Each answers with the order as it is then, and a warning where there is one. */
export function addActionRoutes(app: App, desk: Desk): void {
  const answer = async (row: DispatchRow) => {
    desk.outbox.nudge()
    const isInDoubt = row.state !== 'MANUAL_QUEUE' && row.sent_at !== null
    return { order: await readOrder(desk.db, row.order_id), warning: isInDoubt ? MAY_BE_AT_BBD : null }
  }
  const plain = {
    claim: ['Take an order for two minutes', actions.claim],
    release: ['Give an order back', actions.release],
    unhold: ['Take an order off hold', actions.unhold],
    retry: ['Try an order at BBD now', actions.retry],
    complete: ['The trip is over', actions.complete],
    'no-show': ['The taxi or the rider did not come', actions.reportNoShow],
  } as const
  for (const [name, [summary, act]] of Object.entries(plain))
    app.post(`/desk/orders/:orderId/${name}`, { schema: { summary, params } }, async (request) =>
      answer(await act(desk, { ...request.params, operator: operatorOf(request) })),
    )
  addActionsWithBody(app, desk, answer)
  app.post(
    '/desk/retry-all',
    { schema: { summary: 'Try everything that is not claimed or held' } },
    async (request) => {
      const count = await actions.retryAll(desk, operatorOf(request))
      desk.replay.nudge()
      return { count }
    },
  )
}

function addActionsWithBody(app: App, desk: Desk, answer: (row: DispatchRow) => Promise<object>): void {
  app.post(
    '/desk/orders/:orderId/assign',
    { schema: { summary: 'Assign a driver and a taxi', params, body: assignment } },
    async (request) =>
      answer(await actions.assign(desk, { ...request.params, ...request.body, operator: operatorOf(request) })),
  )
  app.post(
    '/desk/orders/:orderId/hold',
    { schema: { summary: 'Keep an order from being tried', params, body: z.strictObject({ note: line(200) }) } },
    async (request) =>
      answer(await actions.hold(desk, { ...request.params, ...request.body, operator: operatorOf(request) })),
  )
  app.post(
    '/desk/orders/:orderId/cancel',
    { schema: { summary: 'Call an order off', params, body: z.strictObject({ reason: line(200) }) } },
    async (request) =>
      answer(await actions.cancel(desk, { ...request.params, ...request.body, operator: operatorOf(request) })),
  )
}
