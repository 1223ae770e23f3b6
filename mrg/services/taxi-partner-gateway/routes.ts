import * as z from 'zod'
import { cancelRequest, dispatch, dispatchRequest } from '../../contracts/booking.ts'
import type { App, Background } from '../../kernel/index.ts'
import { cancelDispatch } from './cancel.ts'
import { describeDispatch, findDispatch } from './move.ts'
import { openDispatch } from './open.ts'
import { type SendContext, trySend } from './send.ts'

const params = z.object({ orderId: z.uuid() })
const near = z.object({ lat: z.coerce.number().min(-90).max(90), lng: z.coerce.number().min(-180).max(180) })

export function addRoutes(app: App, context: SendContext, outbox: Background): void {
  const { db, bbd } = context

  app.put(
    '/dispatches/:orderId',
    { schema: { summary: 'Get a taxi for an order', params, body: dispatchRequest, response: { 200: dispatch } } },
    async ({ params: { orderId }, body }) => {
      await openDispatch(db, orderId, body)
      const row = (await trySend(context, orderId)) ?? (await findDispatch(db, orderId))
      outbox.nudge()
      return describeDispatch(row)
    },
  )

  app.get(
    '/dispatches/:orderId',
    { schema: { params, response: { 200: dispatch } } },
    async ({ params: { orderId } }) => describeDispatch(await findDispatch(db, orderId)),
  )

  app.post(
    '/dispatches/:orderId/cancel',
    {
      schema: {
        summary: 'Call a taxi off',
        params,
        body: cancelRequest,
        response: { 200: dispatch },
      },
    },
    async ({ params: { orderId }, body }) => {
      const row = await cancelDispatch(context, orderId, body.reason)
      outbox.nudge()
      return describeDispatch(row)
    },
  )

  app.get('/vehicles', { schema: { summary: 'Vacant taxis nearby', querystring: near } }, ({ query }) =>
    bbd.findVehicles(query),
  )
}
