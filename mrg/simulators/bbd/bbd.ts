import * as z from 'zod'
import { Problem, secret, url } from '../../kernel/index.ts'
import { openBooks } from '../books.ts'
import { sendCallbacks } from '../callbacks.ts'
import { CALLBACK_FAULTS, REQUEST_FAULTS } from '../faults.ts'
import { drive, fareIdr, point, pointQuery } from '../road.ts'
import { createSimulator, type Simulator, type SimulatorOptions, simulatorEnvironment } from '../simulator.ts'
import { type Access, createAccess } from './access.ts'
import { createDispatcher, type Dispatcher } from './dispatcher.ts'
import { findVehicles, locate } from './fleet.ts'
import { showOrder, type TaxiChange, type TaxiOrder, TaxiOrders, taxiRequest } from './orders.ts'

const pace = z.coerce.number().int().min(0).max(3_600_000)

export const bbdEnvironment = {
  ...simulatorEnvironment,
  CLIENT_ID: z.string().min(1),
  CLIENT_SECRET: secret,
  CALLBACK_URL: url,
  CALLBACK_SECRET: secret,
  ACCEPT_MS: pace.default(300),
  STEP_MS: pace.default(3_000),
}
type Environment = z.infer<z.ZodObject<typeof bbdEnvironment>> & SimulatorOptions['environment']

/** The partner's taxi dispatch system, as the Taxi Partner Gateway meets it. */
export async function createBbd(environment: Environment): Promise<Simulator> {
  const orders = new TaxiOrders()
  const books = openBooks<TaxiChange>(environment.DATA, (change) => orders.apply(change))
  const access = createAccess({ clientId: environment.CLIENT_ID, clientSecret: environment.CLIENT_SECRET })
  const simulator = await createSimulator({
    name: 'bbd',
    title: 'BBD, the taxi dispatch partner (simulated)',
    environment,
    faults: [...REQUEST_FAULTS, ...CALLBACK_FAULTS, 'no-taxi'],
    books: () => ({
      orders: orders.all().map((order) => ({ ...showOrder(order), history: order.history })),
      callbacksOwed: books.owed(),
    }),
    authorise(request) {
      if (request.routeOptions.url !== '/auth/token') access.check(request.headers.authorization)
    },
  })
  const { app, faults, log } = simulator
  const paces = { acceptMs: environment.ACCEPT_MS, stepMs: environment.STEP_MS }
  const dispatcher = createDispatcher({ orders, books, faults, paces, log })
  const callbacks = sendCallbacks({
    books,
    faults,
    url: environment.CALLBACK_URL,
    header: 'x-bbd-signature',
    secret: environment.CALLBACK_SECRET,
    log,
  })
  addAccess(simulator, access)
  addOrders(simulator, orders, dispatcher)
  addArea(simulator)
  app.addHook('onClose', async () => {
    dispatcher.stop()
    callbacks.stop()
  })
  return simulator
}

function addAccess({ app }: Simulator, access: Access): void {
  const body = z.object({ clientId: z.string(), clientSecret: z.string() })
  app.post('/auth/token', { schema: { body } }, (request) =>
    access.issue(request.body.clientId, request.body.clientSecret),
  )
}

function addOrders({ app }: Simulator, orders: TaxiOrders, dispatcher: Dispatcher): void {
  const params = z.object({ bbdId: z.string() })
  const find = (bbdId: string): TaxiOrder => {
    const order = orders.find(bbdId)
    if (!order) throw new Problem(404, 'order-not-found', { detail: `There is no order ${bbdId}.` })
    return order
  }
  app.post('/orders', { schema: { body: taxiRequest } }, (request, reply) =>
    reply.code(201).send(showOrder(dispatcher.take(request.body))),
  )
  app.get('/orders', { schema: { querystring: z.object({ reference: z.string().min(1) }) } }, (request) => ({
    orders: orders.findByReference(request.query.reference).map(showOrder),
  }))
  app.get('/orders/:bbdId', { schema: { params } }, (request) => showOrder(find(request.params.bbdId)))
  const body = z.object({ reason: z.string().max(200).optional() }).nullish()
  app.post('/orders/:bbdId/cancel', { schema: { params, body } }, (request) => {
    const reason = request.body?.reason ?? 'CANCELLED_BY_CALLER'
    return showOrder(dispatcher.cancel(find(request.params.bbdId), reason))
  })
}

/** What can be known of the area without an order. */
function addArea({ app }: Simulator): void {
  const route = z.object({ pickup: point.loose(), dropoff: point.loose() })
  app.post('/quote', { schema: { body: route } }, ({ body: { pickup, dropoff } }) => {
    const { distanceM, durationS } = drive(pickup, dropoff)
    return { fareIdr: fareIdr(distanceM), distanceM, durationS }
  })
  app.get('/eta', { schema: { querystring: pointQuery } }, ({ query }) => {
    const [nearest = query] = findVehicles(query, Date.now())
    return { etaS: drive(nearest, query).durationS }
  })
  app.get('/vehicles', { schema: { querystring: pointQuery } }, ({ query }) => ({
    vehicles: findVehicles(query, Date.now()),
  }))
  const params = z.object({ vehicleId: z.string() })
  app.get('/vehicles/:vehicleId/location', { schema: { params } }, ({ params: { vehicleId } }) => {
    const location = locate(vehicleId, Date.now())
    if (!location) throw new Problem(404, 'vehicle-not-found', { detail: `There is no vehicle ${vehicleId}.` })
    return { vehicleId, ...location, at: new Date().toISOString() }
  })
}
