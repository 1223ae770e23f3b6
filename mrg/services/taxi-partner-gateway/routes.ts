import { type Kysely, sql } from 'kysely'
import * as z from 'zod'
import { cancelRequest, dispatch, dispatchRequest } from '../../contracts/booking.ts'
import { dispatchMachine, isFinal } from '../../contracts/states.ts'
import { type App, type Background, Problem } from '../../kernel/index.ts'
import { describeDispatch, lockDispatch, moveDispatch, noteAttempt } from './move.ts'
import { type SendContext, trySend } from './send.ts'
import type { DispatchRow, Tables } from './tables.ts'
import { addStray } from './track.ts'

const params = z.object({ orderId: z.uuid() })
const near = z.object({ lat: z.coerce.number().min(-90).max(90), lng: z.coerce.number().min(-180).max(180) })

export function addRoutes(app: App, context: SendContext, outbox: Background): void {
  const { db, bbd } = context

  app.put(
    '/dispatches/:orderId',
    { schema: { summary: 'Get a taxi for an order', params, body: dispatchRequest, response: { 200: dispatch } } },
    async ({ params: { orderId }, body }) => {
      await openDispatch(db, orderId, body)
      const row = (await trySend(context, orderId)) ?? (await find(db, orderId))
      outbox.nudge()
      return describeDispatch(row)
    },
  )

  app.get(
    '/dispatches/:orderId',
    { schema: { params, response: { 200: dispatch } } },
    async ({ params: { orderId } }) => describeDispatch(await find(db, orderId)),
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

/** Asking again changes nothing. An order that was called off before it came is called off. */
async function openDispatch(
  db: Kysely<Tables>,
  orderId: string,
  { pickup, dropoff, rider, fareIdr }: z.infer<typeof dispatchRequest>,
): Promise<void> {
  await inTurnFor(db, orderId, async (transaction) => {
    const calledOff = await transaction
      .selectFrom('called_off')
      .select('order_id')
      .where('order_id', '=', orderId)
      .executeTakeFirst()
    await transaction
      .insertInto('dispatch')
      .values({
        order_id: orderId,
        pickup: JSON.stringify(pickup),
        dropoff: JSON.stringify(dropoff),
        rider: JSON.stringify(rider),
        fare_idr: fareIdr,
        state: calledOff ? 'CANCELED' : 'PENDING_DISPATCH',
        version: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

/** Opening an order and calling it off do not run at the same time: whichever comes second sees the first. */
function inTurnFor(
  db: Kysely<Tables>,
  orderId: string,
  work: (transaction: Kysely<Tables>) => Promise<void>,
): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${orderId}, 0))`.execute(transaction)
    await work(transaction)
  })
}

/** The order may be on its way here; when it comes, it gets no taxi. */
async function callOffUnopened(db: Kysely<Tables>, orderId: string): Promise<void> {
  await inTurnFor(db, orderId, async (transaction) => {
    const values = { order_id: orderId }
    await transaction
      .insertInto('called_off')
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

async function find(db: Kysely<Tables>, orderId: string): Promise<DispatchRow> {
  const row = await db.selectFrom('dispatch').selectAll().where('order_id', '=', orderId).executeTakeFirst()
  if (!row) throw new Problem(404, 'dispatch-not-found', { detail: 'There is no taxi for this order.' })
  return row
}

/**
 * The partner is asked first where it has the order, because a trip that has begun cannot be called off. When it cannot
 * answer, the order is called off here and the partner's is a stray until it is cancelled too.
 */
async function cancelDispatch({ db, bbd }: SendContext, orderId: string, reason: string): Promise<DispatchRow> {
  await callOffUnopened(db, orderId)
  const row = await find(db, orderId)
  if (isFinal(dispatchMachine, row.state)) return row
  if (row.state === 'ON_TRIP') throw tooLate()
  const outcome = row.bbd_id === null ? undefined : await bbd.cancel(row.bbd_id)
  if (outcome)
    await noteAttempt(
      db,
      orderId,
      'cancel',
      outcome.kind === 'done' ? 'cancelled' : `${outcome.kind}: ${outcome.reason}`,
    )
  if (outcome?.kind === 'not-done' && / 409/.test(outcome.reason)) throw tooLate()
  return db.transaction().execute(async (transaction) => {
    const locked = await lockDispatch(transaction, orderId)
    if (isFinal(dispatchMachine, locked.state)) return locked
    if (locked.state === 'ON_TRIP') throw tooLate()
    const isCancelledThere = outcome?.kind === 'done' && locked.bbd_id === row.bbd_id
    if (locked.bbd_id !== null && !isCancelledThere) await addStray(transaction, locked.bbd_id, orderId)
    return moveDispatch(transaction, locked, { state: 'CANCELED', reason })
  })
}

function tooLate(): Problem {
  return new Problem(409, 'trip-begun', { detail: 'The trip has begun; it cannot be called off any more.' })
}
