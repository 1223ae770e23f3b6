import * as z from 'zod'
import { amountIdr } from '../../contracts/booking.ts'
import { isSame, Problem, secret, url } from '../../kernel/index.ts'
import { openBooks } from '../books.ts'
import { sendCallbacks } from '../callbacks.ts'
import { CALLBACK_FAULTS, REQUEST_FAULTS } from '../faults.ts'
import { createSimulator, type Simulator, type SimulatorOptions, simulatorEnvironment } from '../simulator.ts'
import { type Cashier, createCashier } from './cashier.ts'
import { type Charge, type ChargeChange, Charges, chargeRequest } from './charges.ts'

export const paymentGatewayEnvironment = {
  ...simulatorEnvironment,
  /** midtrans, xendit or nicepay: one program, run once for each. */
  NAME: z.string().min(1),
  API_KEY: secret,
  WEBHOOK_URL: url,
  WEBHOOK_SECRET: secret,
  SETTLE_MS: z.coerce.number().int().min(0).max(3_600_000).default(300),
}
type Environment = z.infer<z.ZodObject<typeof paymentGatewayEnvironment>> & SimulatorOptions['environment']

/** A payment provider: holds money, takes it, gives it back. */
export async function createPaymentGateway(environment: Environment): Promise<Simulator> {
  const charges = new Charges()
  const books = openBooks<ChargeChange>(environment.DATA, (change) => charges.apply(change))
  const simulator = await createSimulator({
    name: environment.NAME,
    title: `${environment.NAME}, a payment gateway (simulated)`,
    environment,
    faults: [...REQUEST_FAULTS, ...CALLBACK_FAULTS],
    books: () => ({ charges: charges.all(), callbacksOwed: books.owed() }),
    authorise(request) {
      if (!isSame(request.headers.authorization ?? '', `Bearer ${environment.API_KEY}`))
        throw new Problem(401, 'invalid-key', { detail: 'Send the API key as Bearer.' })
    },
  })
  const { app, faults, log } = simulator
  const cashier = createCashier({ charges, books, settleMs: environment.SETTLE_MS, log })
  const callbacks = sendCallbacks({
    books,
    faults,
    url: environment.WEBHOOK_URL,
    header: 'x-signature',
    secret: environment.WEBHOOK_SECRET,
    log,
  })
  addCharges(simulator, charges, cashier)
  addOperations(simulator, charges, cashier)
  app.addHook('onClose', async () => {
    cashier.stop()
    callbacks.stop()
  })
  return simulator
}

const headers = z.object({ 'idempotency-key': z.string().min(1).max(200) })
const params = z.object({ chargeId: z.string() })

function addCharges({ app }: Simulator, charges: Charges, cashier: Cashier): void {
  app.post('/v1/charges', { schema: { headers, body: chargeRequest } }, (request, reply) =>
    reply.code(201).send(cashier.charge(request.body, request.headers['idempotency-key'])),
  )
  app.get('/v1/charges', { schema: { querystring: z.object({ reference: z.string().min(1) }) } }, (request) => ({
    charges: charges.findByReference(request.query.reference),
  }))
  app.get('/v1/charges/:chargeId', { schema: { params } }, (request) => find(charges, request.params.chargeId))
}

function addOperations({ app }: Simulator, charges: Charges, cashier: Cashier): void {
  for (const operation of ['capture', 'refund'] as const) {
    const schema = { headers, params, body: z.object({ amountIdr }) }
    app.post(`/v1/charges/:chargeId/${operation}`, { schema }, ({ headers, params, body }) => {
      const charge = find(charges, params.chargeId)
      return cashier.operate(charge, { operation, amountIdr: body.amountIdr, key: headers['idempotency-key'] })
    })
  }
  app.post('/v1/charges/:chargeId/void', { schema: { headers, params } }, ({ headers, params }) => {
    const charge = find(charges, params.chargeId)
    return cashier.operate(charge, { operation: 'void', amountIdr: charge.amountIdr, key: headers['idempotency-key'] })
  })
}

function find(charges: Charges, chargeId: string): Charge {
  const charge = charges.find(chargeId)
  if (!charge) throw new Problem(404, 'charge-not-found', { detail: `There is no charge ${chargeId}.` })
  return charge
}
