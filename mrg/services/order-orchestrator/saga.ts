import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { dispatch, type Payment, payment } from '../../contracts/booking.ts'
import { UpstreamError } from '../../kernel/index.ts'
import { moveOrder, readOrder } from './move.ts'
import type { OrderRow, Tables } from './tables.ts'
import { anything, type Upstreams } from './upstreams.ts'

/** How long an order may wait for its money or its taxi before it is undone. */
const PATIENCE_MS = 30 * 60_000
/** How long undoing and charging are tried, before people have to look at it. */
const STUBBORNNESS_MS = 24 * 60 * 60_000
const DELAY_MS_MAX = 30_000

export interface SagaContext {
  readonly db: Kysely<Tables>
  readonly upstreams: Upstreams
  readonly log: Logger
}

/** The workflows of an order; each is started under a name made of the order's id, and so runs once. */
export interface Sagas {
  book(orderId: string): Promise<void>
  settle(orderId: string): Promise<void>
  undo(orderId: string, to: 'CANCELED' | 'FAILED', reason: string): Promise<void>
}

/**
 * The booking saga, durable: each step is written down when it is done, and an instance that ends in the middle is
 * followed by another that goes on from there. The step that was under way then runs again, so every step may run
 * twice: all of them carry the order's id, and do nothing the second time.
 *
 * book:   1. have the money held  2. the order is ACTIVE  3. get a taxi  4. tell the rider
 * settle: when the trip is over: charge what is held; the order is COMPLETED
 * undo:   1. call the taxi off  2. let the money go or give it back  3. the order is CANCELED or FAILED
 */
export function registerSagas(context: SagaContext): Sagas {
  const undo = DBOS.registerWorkflow(
    async (orderId: string, to: 'CANCELED' | 'FAILED', reason: string) => undoOrder(context, orderId, { to, reason }),
    { name: 'undo' },
  )
  const settle = DBOS.registerWorkflow(async (orderId: string) => settleOrder(context, orderId), { name: 'settle' })
  const book = DBOS.registerWorkflow(async (orderId: string) => bookOrder(context, orderId), { name: 'book' })
  const start = <Args extends unknown[]>(name: string, workflow: (...args: Args) => Promise<void>) => {
    return async (orderId: string, ...rest: unknown[]) => {
      const workflowID = name === 'book' ? orderId : `${name}:${orderId}`
      await DBOS.startWorkflow(workflow, { workflowID })(...([orderId, ...rest] as Args))
    }
  }
  return { book: start('book', book), settle: start('settle', settle), undo: start('undo', undo) }
}

async function bookOrder(context: SagaContext, orderId: string): Promise<void> {
  const { db, upstreams } = context
  const order = await ownStep('read', () => readOrder(db, orderId))
  const money = await holdMoney(context, order)
  if (money !== 'PAID') {
    const reason = money === 'FAILED' ? 'The payment was declined.' : 'The payment did not come in time.'
    return undoOrder(context, orderId, { to: 'CANCELED', reason })
  }
  const active = await ownStep('activate', () => moveOrder(db, orderId, { to: 'ACTIVE' }))
  // Called off meanwhile: what was held since must go too.
  if (active !== 'ACTIVE') return undoOrder(context, orderId, { to: 'CANCELED', reason: order.reason ?? '' })
  const isSent = await persist(context, { name: 'get a taxi', forMs: PATIENCE_MS }, () => getTaxi(upstreams, order))
  if (isSent === undefined) {
    const reason = 'No taxi could be ordered in 30 minutes.'
    return undoOrder(context, orderId, { to: 'FAILED', reason })
  }
  const state = await ownStep('read again', async () => (await readOrder(db, orderId)).state)
  if (state !== 'ACTIVE') return undoOrder(context, orderId, { to: 'CANCELED', reason: '' })
  await DBOS.runStep(() => tellRider(context, order), { name: 'tell the rider' })
}

/** A step of our own database: it is repeated until the database is back, and so never ends a saga. */
function ownStep<Result>(name: string, step: () => Promise<Result>): Promise<Result> {
  return DBOS.runStep(step, { name, retriesAllowed: true, maxAttempts: 1_000, intervalSeconds: 0.5, backoffRate: 1.2 })
}

/** Asks until the payment is decided; between two questions it waits for word from the Payment Processor. */
async function holdMoney(context: SagaContext, order: OrderRow): Promise<Payment['state'] | undefined> {
  const { order_id: orderId, rider_id: riderId, payment_method: method, quote } = order
  const body = { riderId, amountIdr: quote.fareIdr, method }
  const ask = () => context.upstreams.payments.call('PUT', `/payments/${orderId}`, { body, answer: payment })
  const until = (await DBOS.now()) + PATIENCE_MS
  for (let tries = 0; (await DBOS.now()) < until; tries++) {
    const state = await DBOS.runStep(() => ask().then(({ state }) => state, undefinedAfter(context.log, orderId)), {
      name: 'hold the money',
    })
    if (state !== undefined && state !== 'WAITING_FOR_PAYMENT' && state !== 'REQUEST_PAYMENT_LINK') return state
    await DBOS.recv('payment', delaySeconds(tries))
  }
  return undefined
}

function getTaxi(upstreams: Upstreams, { order_id: orderId, quote, rider, created_at }: OrderRow) {
  const { pickup, dropoff, fareIdr } = quote
  const requestedAt = new Date(created_at).toISOString()
  const body = { pickup, dropoff, rider, fareIdr, requestedAt }
  return upstreams.taxis.call('PUT', `/dispatches/${orderId}`, { body, answer: dispatch }).then(({ state }) => state)
}

async function settleOrder(context: SagaContext, orderId: string): Promise<void> {
  const { db, upstreams } = context
  const amountIdr = await ownStep('read', async () => (await readOrder(db, orderId)).quote.fareIdr)
  const charge = await persist(context, { name: 'charge', forMs: STUBBORNNESS_MS }, async () => {
    const options = { body: { amountIdr }, answer: payment, idempotent: true }
    return (await upstreams.payments.call('POST', `/payments/${orderId}/capture`, options)).charge
  })
  if (charge !== 'SUCCESS')
    context.log.error({ orderId, charge }, 'a trip could not be charged: people must look at it')
  await ownStep('complete', () => moveOrder(db, orderId, { to: 'COMPLETED' }))
}

async function undoOrder(
  context: SagaContext,
  orderId: string,
  { to, reason }: { to: 'CANCELED' | 'FAILED'; reason: string },
): Promise<void> {
  const { db, upstreams } = context
  const taxi = await persist(context, { name: 'call the taxi off', forMs: STUBBORNNESS_MS }, () =>
    undoAt(upstreams.taxis, `/dispatches/${orderId}/cancel`, { reason: reason || 'The order was undone.' }),
  )
  if (taxi === 'trip-begun') return
  const money = await persist(context, { name: 'let the money go', forMs: STUBBORNNESS_MS }, () =>
    undoAt(upstreams.payments, `/payments/${orderId}/cancel`, {}),
  )
  if (taxi === undefined || money === undefined) context.log.error({ orderId }, 'an order could not be undone')
  await ownStep('close', () => moveOrder(db, orderId, { to, reason }))
}

/** What does not exist there is undone already. */
async function undoAt(upstream: Upstreams['taxis'], path: string, body: object): Promise<string> {
  try {
    await upstream.call('POST', path, { body, answer: anything, idempotent: true })
    return 'undone'
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 404) return 'nothing there'
    if (error instanceof UpstreamError && error.problem.code === 'trip-begun') return 'trip-begun'
    throw error
  }
}

/** A soft step: the order is as good without it. */
async function tellRider({ upstreams, log }: SagaContext, { order_id: orderId, rider }: OrderRow): Promise<void> {
  const message = {
    id: 'Pesanan Anda sudah kami terima dan kami sedang mencarikan taksi.',
    en: 'Your booking is confirmed and we are finding you a taxi.',
  }
  const options = { body: { phone: rider.phone, orderId, message }, answer: anything }
  await upstreams.messages.call('PUT', `/messages/${orderId}:booked`, options).catch(undefinedAfter(log, orderId))
}

/** Repeats a step, with growing delays, until it does not throw; undefined when the time is over. */
async function persist<Result extends string>(
  { log }: SagaContext,
  { name, forMs }: { name: string; forMs: number },
  step: () => Promise<Result>,
): Promise<Result | undefined> {
  const until = (await DBOS.now()) + forMs
  for (let tries = 0; ; tries++) {
    const result = await DBOS.runStep(() => step().catch(undefinedAfter(log, DBOS.workflowID)), { name })
    if (result !== undefined) return result
    if ((await DBOS.now()) >= until) return undefined
    await DBOS.sleep(delaySeconds(tries) * 1000)
  }
}

function delaySeconds(tries: number): number {
  return Math.min(DELAY_MS_MAX, 500 * 2 ** Math.min(tries, 10)) / 1000
}

function undefinedAfter(log: Logger, orderId: string | undefined) {
  return (error: unknown): undefined => {
    log.warn({ orderId, reason: String(error) }, 'a step failed and comes again')
  }
}
