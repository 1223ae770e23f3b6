// Payment Processor: the money of each order, held, charged, let go or given back, over several gateways.
import {
  createService,
  databaseUrl,
  eventsEnvironment,
  migrate,
  mrgFolder,
  openDatabase,
  openTransport,
  readEnvironment,
  relayOutbox,
  repeat,
  secret,
  url,
} from '../../kernel/index.ts'
import { createGateway } from './gateway.ts'
import { addRoutes } from './routes.ts'
import { settleOpenEnds } from './settle.ts'
import type { Tables } from './tables.ts'
import { addWebhooks } from './webhooks.ts'

const environment = readEnvironment({
  ...eventsEnvironment,
  DATABASE: databaseUrl,
  MIDTRANS: url,
  XENDIT: url,
  NICEPAY: url,
  GATEWAY_API_KEY: secret,
  WEBHOOK_SECRET: secret,
})
const schema = 'payments'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/payment-processor/migrations` })

const service = await createService({
  name: 'payment-processor',
  title: 'MRG Payment Processor',
  environment,
  needs: { postgresql: () => database.check() },
})
const { app, log } = service
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log })
const { db, relaxedPool: pool } = database
const secrets = { apiKey: environment.GATEWAY_API_KEY, webhookSecret: environment.WEBHOOK_SECRET }
const gateways = [
  createGateway({ name: 'midtrans', url: environment.MIDTRANS, ...secrets }),
  createGateway({ name: 'xendit', url: environment.XENDIT, ...secrets }),
  createGateway({ name: 'nicepay', url: environment.NICEPAY, ...secrets }),
]
const transport = await openTransport(environment, { database, log })
const outbox = relayOutbox({ pool, transport, log })
const context = { db, gateways, log }
const settling = repeat(() => settleOpenEnds(context), { name: 'open ends', everyMs: 1_000, log })

addRoutes(app, context, { outbox, settling })
addWebhooks(app, { db, gateways, outbox })
service.gauge('mrg_payments_waiting', 'Payments that wait for a gateway.', async () => {
  const { rows } = await pool.query(
    `select count(*) from payment where state in ('WAITING_FOR_PAYMENT', 'REQUEST_PAYMENT_LINK')`,
  )
  return rows[0].count
})
service.onStop(async () => {
  await Promise.all([settling.stop(), outbox.stop()])
  await transport.close()
  await database.close()
})
await service.start()
