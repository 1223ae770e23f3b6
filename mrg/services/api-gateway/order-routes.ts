import * as z from 'zod'
import { cancelRequest, type OrderView, order, orderView } from '../../contracts/booking.ts'
import { type App, Problem } from '../../kernel/index.ts'
import { partialView } from './partial-view.ts'
import type { Upstreams } from './upstreams.ts'

const history = z.object({ orders: z.array(orderView), next: z.uuid().nullable() })
const orderId = z.object({ orderId: z.uuid() })

/** The rider's own orders: another rider's do not exist for them. */
export function addOrderRoutes(app: App, { orders, orderViews }: Upstreams): void {
  app.get(
    '/v1/orders/:orderId',
    { schema: { params: orderId, response: { 200: orderView } } },
    async ({ params, riderId, log }) => {
      const view = await find(params.orderId, { orders, orderViews }, log)
      if (view.riderId === riderId) return view
      throw new Problem(404, 'order-not-found', { detail: 'There is no such order.' })
    },
  )

  const page = z.object({ limit: z.coerce.number().int().min(1).max(50).default(20), before: z.uuid().optional() })
  app.get('/v1/orders', { schema: { querystring: page, response: { 200: history } } }, async ({ query, riderId }) => {
    const { limit, before } = query
    const search = new URLSearchParams({ riderId, limit: String(limit), ...(before && { before }) })
    return orderViews.call('GET', `/orders?${search}`, { answer: history })
  })

  // Asked for, not done yet: a taxi has to be called off, and money let go, before the order is.
  app.post(
    '/v1/orders/:orderId/cancel',
    { schema: { params: orderId, body: cancelRequest, response: { 202: order } } },
    async ({ params, body, riderId }, reply) => {
      const asked = await orders.call('POST', `/orders/${params.orderId}/cancel`, {
        body: { ...body, riderId },
        answer: order,
        idempotent: true,
      })
      return reply.code(202).send(asked)
    },
  )
}

/** The full view; while that cannot be had or does not know the order yet, what the Order Orchestrator knows. */
async function find(
  id: string,
  { orders, orderViews }: Pick<Upstreams, 'orders' | 'orderViews'>,
  log: { debug(details: object, message: string): void },
): Promise<OrderView> {
  try {
    return await orderViews.call('GET', `/orders/${id}`, { answer: orderView })
  } catch (error) {
    log.debug({ err: error, orderId: id }, 'no full view of this order')
    return partialView(await orders.call('GET', `/orders/${id}`, { answer: order }))
  }
}
