import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { dispatch, type Payment, payment } from '../../contracts/booking.ts'
import { UpstreamError } from '../../kernel/index.ts'
import { callOff, isWanted, keep, moveOrder, readOrder } from './move.ts'
import type { OrderRow, Tables } from './tables.ts'
import { anything, type Upstreams } from './upstreams.ts'

/**
 * How often a step is tried, with delays of 0.5 s doubling to 30 s. Counted and not timed, so that a saga that is run
 * again takes the same turns. 64 tries wait for half an hour: so long an order may wait for its money or its taxi.
 */
const PATIENT_TRIES = 64
/** A day: so long undoing and charging are tried before people have to look at it. */
const STUBBORN_TRIES = 2_900
const DELAY_MS_MAX = 30_000

export interface SagaContext {
  readonly db: Kysely<Tables>
  readonly upstreams: Upstreams
  readonly log: Logger
}

/** What a saga needs of its order; it does not change. */
export type Booking = Pick<OrderRow, 'order_id' | 'rider_id' | 'rider' | 'quote' | 'payment_method'>

export function bookingOf({ order_id, rider_id, rider, quote, payment_method }: OrderRow): Booking {
  return { order_id, rider_id, rider, quote, payment_method }
}

/** The workflows of an order; each is started under a name made of the order's id, and so runs once. */
export interface Sagas {
  /** Bookings of this instance whose payment has not been asked for yet: how far behind it is. */
  readonly unbegun: number
  book(booking: Booking): Promise<void>
  settle(orderId: string): Promise<void>
  /** Once for each cause: a rider may ask in vain, because the trip has begun, and the trip be called off later. */
  undo(orderId: string, cause: string, reason: string): Promise<void>
}

/**
 * The booking saga, durable: each step is written down when it is done, and an instance that ends in the middle is
 * followed by another that goes on from there. The step that was under way then runs again, so every step may run
 * twice: all of them carry the order's id, and do nothing the second time.
 *
 * book:   1. have the money held  2. the order is ACTIVE  3. get a taxi  4. tell the rider
 * settle: when the trip is over: charge what is held; the order is COMPLETED
 * undo:   1. write down that it is undone  2. call the taxi off  3. let the money go or give it back
 *         4. the order is CANCELED or FAILED
 */
export function registerSagas(context: SagaContext): Sagas {
  const undo = DBOS.registerWorkflow(
    async (orderId: string, reason: string) => undoOrder(context, orderId, { to: 'CANCELED', reason }),
    { name: 'undo' },
  )
  const settle = DBOS.registerWorkflow(async (orderId: string) => settleOrder(context, orderId), { name: 'settle' })
  const unbegun = new Set<string>()
  const book = DBOS.registerWorkflow(
    async (booking: Booking) => bookOrder(context, booking, () => unbegun.delete(booking.order_id)),
    { name: 'book' },
  )
  return {
    get unbegun() {
      return unbegun.size
    },
    async book(booking) {
      unbegun.add(booking.order_id)
      await DBOS.startWorkflow(book, { workflowID: booking.order_id })(booking)
    },
    settle: async (orderId) => void (await DBOS.startWorkflow(settle, { workflowID: `settle:${orderId}` })(orderId)),
    undo: async (orderId, cause, reason) =>
      void (await DBOS.startWorkflow(undo, { workflowID: `undo:${orderId}:${cause}` })(orderId, reason)),
  }
}

async function bookOrder(context: SagaContext, booking: Booking, onBegun: () => void): Promise<void> {
  const { db, upstreams } = context
  const orderId = booking.order_id
  const money = await holdMoney(context, booking, onBegun)
  if (money !== 'PAID') {
    const reason = money === 'FAILED' ? 'The payment was declined.' : 'The payment did not come in time.'
    return undoOrder(context, orderId, { to: 'CANCELED', reason })
  }
  // Called off meanwhile: what was done since must be undone too. Here, and again at the end.
  if (!(await ownStep('activate', () => activate(db, orderId))))
    return undoOrder(context, orderId, { to: 'CANCELED', reason: CALLED_OFF })
  const isSent = await persist(context, { name: 'get a taxi', triesMax: PATIENT_TRIES }, () =>
    getTaxi(upstreams, booking),
  )
  if (isSent === undefined)
    return undoOrder(context, orderId, { to: 'FAILED', reason: 'No taxi could be ordered in 30 minutes.' })
  if (!(await ownStep('tell the rider', () => tellRider(context, booking))))
    await undoOrder(context, orderId, { to: 'CANCELED', reason: CALLED_OFF })
}

const CALLED_OFF = 'The rider called it off.'

async function activate(db: Kysely<Tables>, orderId: string): Promise<boolean> {
  if (!(await isWanted(db, orderId))) return false
  await moveOrder(db, orderId, { to: 'ACTIVE' })
  return true
}

/** A step of our own database: it is repeated until the database is back, and so never ends a saga. */
function ownStep<Result>(name: string, step: () => Promise<Result>): Promise<Result> {
  return DBOS.runStep(step, { name, retriesAllowed: true, maxAttempts: 1_000, intervalSeconds: 0.5, backoffRate: 1.2 })
}

/** Asks until the payment is decided; between two questions it waits for word from the Payment Processor. */
async function holdMoney(
  { upstreams, log }: SagaContext,
  booking: Booking,
  onAsked: () => void,
): Promise<Payment['state'] | undefined> {
  const { order_id: orderId, rider_id: riderId, payment_method: method, quote } = booking
  const body = { riderId, amountIdr: quote.fareIdr, method }
  const ask = () => upstreams.payments.call('PUT', `/payments/${orderId}`, { body, answer: payment })
  for (let tries = 0; tries < PATIENT_TRIES; tries++) {
    const state = await DBOS.runStep(() => ask().then(({ state }) => state, undefinedAfter(log, orderId)), {
      name: 'hold the money',
    })
    onAsked()
    if (state !== undefined && state !== 'WAITING_FOR_PAYMENT' && state !== 'REQUEST_PAYMENT_LINK') return state
    await DBOS.recv('payment', delaySeconds(tries))
  }
  return undefined
}

async function getTaxi(upstreams: Upstreams, { order_id: orderId, quote, rider }: Booking) {
  const { pickup, dropoff, fareIdr } = quote
  const body = { pickup, dropoff, rider, fareIdr }
  const { state } = await upstreams.taxis.call('PUT', `/dispatches/${orderId}`, { body, answer: dispatch })
  return state
}

async function settleOrder(context: SagaContext, orderId: string): Promise<void> {
  const { db, upstreams } = context
  const charge = await persist(context, { name: 'charge', triesMax: STUBBORN_TRIES }, async () => {
    const amountIdr = (await readOrder(db, orderId)).quote.fareIdr
    const options = { body: { amountIdr }, answer: payment, idempotent: true }
    const asked = upstreams.payments.call('POST', `/payments/${orderId}/capture`, options)
    return (await asked.catch(nothingHeld)).charge
  })
  if (charge !== 'SUCCESS')
    context.log.error({ orderId, charge }, 'a trip could not be charged: people must look at it')
  await ownStep('complete', () => moveOrder(db, orderId, { to: 'COMPLETED' }))
}

/** Asking again would not help: the order was called off, and its money let go. */
function nothingHeld(error: unknown): { charge: 'FAILED' } {
  if (error instanceof UpstreamError && error.problem.code === 'nothing-held') return { charge: 'FAILED' }
  throw error
}

async function undoOrder(
  context: SagaContext,
  orderId: string,
  { to, reason }: { to: 'CANCELED' | 'FAILED'; reason: string },
): Promise<void> {
  const { db, upstreams } = context
  await ownStep('mark', () => callOff(db, orderId))
  const taxi = await persist(context, { name: 'call the taxi off', triesMax: STUBBORN_TRIES }, () =>
    undoAt(upstreams.taxis, `/dispatches/${orderId}/cancel`, { reason: reason || 'The order was undone.' }),
  )
  if (taxi === 'trip-begun') return ownStep('keep', () => keep(db, orderId))
  const money = await persist(context, { name: 'let the money go', triesMax: STUBBORN_TRIES }, () =>
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

/** The order is as good without it: a message that cannot be sent is let be. False if the order is not wanted any more. */
async function tellRider({ db, upstreams, log }: SagaContext, booking: Booking): Promise<boolean> {
  const { order_id: orderId, rider } = booking
  if (!(await isWanted(db, orderId))) return false
  const message = {
    id: 'Pesanan Anda sudah kami terima dan kami sedang mencarikan taksi.',
    en: 'Your booking is confirmed and we are finding you a taxi.',
  }
  const options = { body: { phone: rider.phone, orderId, message }, answer: anything }
  await upstreams.messages.call('PUT', `/messages/${orderId}:booked`, options).catch(undefinedAfter(log, orderId))
  return true
}

/** Repeats a step, with growing delays, until it does not throw; undefined when it has been tried often enough. */
async function persist<Result extends string>(
  { log }: SagaContext,
  { name, triesMax }: { name: string; triesMax: number },
  step: () => Promise<Result>,
): Promise<Result | undefined> {
  for (let tries = 0; tries < triesMax; tries++) {
    const result = await DBOS.runStep(() => step().catch(undefinedAfter(log, DBOS.workflowID)), { name })
    if (result !== undefined) return result
    await DBOS.sleep(delaySeconds(tries) * 1000)
  }
  return undefined
}

function delaySeconds(tries: number): number {
  return Math.min(DELAY_MS_MAX, 500 * 2 ** Math.min(tries, 10)) / 1000
}

function undefinedAfter(log: Logger, orderId: string | undefined) {
  return (error: unknown): undefined => {
    log.warn({ orderId, reason: String(error) }, 'a step failed and comes again')
  }
}
