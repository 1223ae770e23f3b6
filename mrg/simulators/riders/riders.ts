import * as z from 'zod'
import { createService, type Service, url } from '../../kernel/index.ts'
import { createAgenda } from '../agenda.ts'
import { type SimulatorOptions, simulatorEnvironment } from '../simulator.ts'
import { createApi } from './api.ts'
import { type BookingResult, book, type Wish } from './booking.ts'
import { Figures } from './figures.ts'
import { openLedger } from './ledger.ts'
import { createOnlooker } from './onlooker.ts'
import { createOpenLoop, type OpenLoop } from './open-loop.ts'
import { type Pace, RIDERS_PACE } from './pace.ts'
import { chooseTrip } from './places.ts'
import { waitForTaxi } from './wait-for-taxi.ts'

const IN_FLIGHT_MAX = 500
const CANCELS_AT_ONCE_MAX = 50
/** One order in this many is called off: 3 %. */
const CANCELLED_EVERY = 33

const rate = z.number().min(0).max(1_000)

export const ridersEnvironment = {
  ...simulatorEnvironment,
  API_URL: url,
  RATE: z.coerce.number().pipe(rate).default(5),
  RIDERS: z.coerce.number().int().min(1).max(10_000).default(50),
}
type Environment = z.infer<z.ZodObject<typeof ridersEnvironment>> & SimulatorOptions['environment']

type Acknowledged = Extract<BookingResult, { outcome: 'acknowledged' }> & { readonly phone: string }

/** Riders who book taxis all day and write down what they were told. */
export async function createRiders(environment: Environment, pace: Pace = RIDERS_PACE): Promise<Service> {
  const service = await createService({ name: 'riders', title: 'Riders (simulated)', environment, needs: {} })
  const { app, log } = service
  const ledger = openLedger(environment.DATA)
  const api = createApi({ url: environment.API_URL, pace })
  const figures = new Figures()
  const onlooker = createOnlooker({ api, pace, log })
  for (const order of ledger.acknowledgedSince(Date.now() - pace.lookMsMax)) onlooker.add(order, pace.firstLookAfterMs)
  let bookings = ledger.intents
  let cancelled = 0

  const cancels = createAgenda({ perform: cancel, atOnceMax: CANCELS_AT_ONCE_MAX, log })
  const loop = createOpenLoop({
    perSecond: environment.RATE,
    inFlightMax: IN_FLIGHT_MAX,
    start: async (dueMs) => {
      await startBooking(dueMs).catch((error) => log.error({ err: error }, 'a booking broke off'))
    },
    onShed: () => figures.add('shed', 0),
  })

  async function startBooking(dueMs: number): Promise<BookingResult & { phone: string }> {
    const index = bookings++
    const wish = makeWish(index, { riders: environment.RIDERS, dueMs })
    const result = await book(wish, { api, ledger })
    figures.add(result.outcome, performance.now() - dueMs)
    const { phone } = wish
    if (result.outcome !== 'acknowledged') return { ...result, phone }
    const { orderId } = result
    onlooker.add({ orderId, phone, acknowledgedAtMs: Date.now() }, pace.firstLookAfterMs)
    if (index % CANCELLED_EVERY === CANCELLED_EVERY - 1) cancels.add({ ...result, phone }, pace.cancelAfterMs)
    return { ...result, phone }
  }

  /** Given up when it is not done after all repeats: the taxi may be there already. */
  async function cancel({ key, orderId, riderId, phone }: Acknowledged): Promise<undefined> {
    const question = { path: `/v1/orders/${orderId}/cancel`, body: { reason: 'plans changed' }, answer: z.unknown() }
    const isDone = await api.post(phone, question).then(
      () => true,
      () => false,
    )
    if (!isDone) return
    ledger.append({ kind: 'cancel-acknowledged', key, orderId, riderId, phone })
    cancelled += 1
  }

  addRate(service, loop)
  // One whole booking at once, until somebody gets the taxi: for a drill that counts them.
  app.post('/bookings', async (_, reply) => {
    const made = await startBooking(performance.now())
    if (made.outcome !== 'acknowledged') return reply.code(503).send({ outcome: made.outcome })
    const hasTaxi = await waitForTaxi({ ...made, withinMs: pace.taxiMsMax }, api)
    return reply.code(hasTaxi ? 201 : 504).send({ outcome: made.outcome, orderId: made.orderId, hasTaxi })
  })
  app.get('/status', () => ({
    perSecond: loop.perSecond,
    inFlight: loop.inFlight,
    inFlightMax: IN_FLIGHT_MAX,
    cancelled,
    ...figures.describe(),
    ...onlooker.describe(),
  }))
  app.addHook('onClose', async () => {
    for (const part of [loop, cancels, onlooker]) part.stop()
  })
  return service
}

function addRate({ app }: Service, loop: OpenLoop): void {
  app.put('/rate', { schema: { body: z.object({ perSecond: rate }) } }, ({ body: { perSecond } }) => {
    loop.setRate(perSecond)
    return { perSecond }
  })
}

/** The booking of this number: its rider, its trip and its way of paying are always the same. */
function makeWish(index: number, { riders, dueMs }: { riders: number; dueMs: number }): Wish {
  return {
    phone: `+62811${String(1 + (index % riders)).padStart(6, '0')}`,
    ...chooseTrip(index),
    paymentMethod: index % 2 === 0 ? 'card' : 'e-wallet',
    dueMs,
  }
}
