import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import * as z from 'zod'
import { orderView, rider } from '../../contracts/booking.ts'
import { type App, type Database, Problem, type Upstream } from '../../kernel/index.ts'
import { describeOrder, type KnownOrder } from './describe-order.ts'
import type { Tables } from './tables.ts'

const page = z.object({
  riderId: z.string().min(1).max(64),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  /** The order after which the page begins: the `next` of the page before. */
  before: z.uuid().optional(),
})

export function addRoutes(app: App, options: { database: Database<Tables>; riders: Upstream; log: Logger }): void {
  const { database, riders, log } = options
  // A rider watches one order, and has just booked it; the list is what came before.
  app.get(
    '/orders/:orderId',
    { schema: { params: z.object({ orderId: z.uuid() }), response: { 200: orderView } } },
    async ({ params }) => {
      const [row] = await ordersIn(database.relaxed).where('order_id', '=', params.orderId).execute()
      if (!row) throw new Problem(404, 'order-not-found', { detail: 'There is no such order.' })
      return describeOrder(row, await findName(row.order.riderId, riders, log))
    },
  )

  const answer = z.object({ orders: z.array(orderView), next: z.uuid().nullable() })
  app.get('/orders', { schema: { querystring: page, response: { 200: answer } } }, async ({ query }) => {
    const rows = await database.readNear((near) => findPage(near, query))
    const shown = rows.slice(0, query.limit)
    const name = shown.length === 0 ? null : await findName(query.riderId, riders, log)
    const next = rows.length > query.limit ? (shown.at(-1)?.order.orderId ?? null) : null
    return { orders: shown.map((row) => describeOrder(row, name)), next }
  })
}

/** Those whose own news has come: until then nobody knows whose they are. */
function ordersIn(db: Kysely<Tables>) {
  return db.selectFrom('order_view').selectAll().where('order', 'is not', null).$narrowType<KnownOrder>()
}

/** Newest first, and one more than asked for, which tells whether there is another page. */
async function findPage(db: Kysely<Tables>, { riderId, limit, before }: z.infer<typeof page>) {
  const own = ordersIn(db).where('rider_id', '=', riderId)
  const newestFirst = own
    .orderBy('created_at', 'desc')
    .orderBy('order_id', 'desc')
    .limit(limit + 1)
  if (before === undefined) return newestFirst.execute()
  const last = await own.where('order_id', '=', before).executeTakeFirst()
  if (!last) throw new Problem(400, 'unknown-page', { detail: '`before` is not an order of this rider.' })
  return newestFirst
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'order_id'), '<', tuple(last.created_at, last.order_id)),
    )
    .execute()
}

/** Nice to have: an order is shown without it. */
async function findName(riderId: string, riders: Upstream, log: Logger): Promise<string | null> {
  try {
    const path = `/riders/${encodeURIComponent(riderId)}`
    const { name } = await riders.call('GET', path, { answer: rider.pick({ name: true }), key: riderId })
    return name
  } catch (error) {
    log.debug({ err: error, riderId }, 'the rider has no name now')
    return null
  }
}
