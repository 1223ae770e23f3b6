// Order Orchestrator: carts, orders, and the saga that sees each order through.
import { randomUUID } from 'node:crypto'
import { DBOS } from '@dbos-inc/dbos-sdk'
import {
  createService,
  databaseUrl,
  eventsEnvironment,
  inTurn,
  migrate,
  mrgFolder,
  openDatabase,
  openLibraryPool,
  openTransport,
  readEnvironment,
  relayOutbox,
  repeat,
  singleUrl,
  url,
} from '../../kernel/index.ts'
import { beginFailedAnew, keepAlive, takeOver } from './executors.ts'
import { hear } from './hear.ts'
import { findUnstarted, forgetCarts } from './orders.ts'
import { addRoutes } from './routes.ts'
import { bookingOf, registerSagas } from './saga.ts'
import type { Tables } from './tables.ts'
import { connectUpstreams } from './upstreams.ts'

const environment = readEnvironment({
  ...eventsEnvironment,
  DATABASE: databaseUrl,
  USER_SERVICE: url,
  SESSION_MANAGER: url,
  PAYMENT_PROCESSOR: url,
  TAXI_PARTNER_GATEWAY: url,
  NOTIFICATION: url,
})
const schema = 'orders'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/order-orchestrator/migrations` })

const service = await createService({
  name: 'order-orchestrator',
  title: 'MRG Order Orchestrator',
  environment,
  needs: { postgresql: () => database.check() },
})
const { app, log } = service
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log })
const { db, relaxedPool: pool } = database
const upstreams = connectUpstreams(environment)
const sagas = registerSagas({ db, upstreams, log })

const executorID = `${environment.INSTANCE}-${randomUUID()}`
const heartbeat = await keepAlive(pool, { id: executorID, log })
// A frozen instance must not hold locks for longer than others wait to take its workflows over.
const workflowPool = openLibraryPool({ url: environment.DATABASE, log, idleTransactionMs: 1_500 })
DBOS.setConfig({
  name: 'order-orchestrator',
  systemDatabaseUrl: singleUrl(environment.DATABASE),
  systemDatabasePool: workflowPool,
  applicationVersion: '1',
  executorID,
  logLevel: 'warn',
})
await inTurn(environment.DATABASE, 'workflows', () => DBOS.launch())

const transport = await openTransport(environment, { database, log })
const outbox = relayOutbox({ pool, transport, log })
const ear = await transport.subscribe({
  consumer: 'order-orchestrator',
  handle: (event) => hear(event, { db, sagas }),
})
const jobs = [
  takeOver(pool, log),
  beginFailedAnew(log),
  repeat(() => startUnstarted(), { name: 'unstarted orders', everyMs: 2_000, log }),
  repeat(() => forgetCarts(db).then(() => undefined), { name: 'old carts', everyMs: 60_000, log }),
]

async function startUnstarted(): Promise<undefined> {
  for (const order of await findUnstarted(db)) await sagas.book(bookingOf(order))
}

addRoutes(app, { db, upstreams, sagas, outbox })
service.onStop(async () => {
  await ear.stop()
  await Promise.all([...jobs, outbox].map((job) => job.stop()))
  await DBOS.shutdown()
  await workflowPool.end()
  await heartbeat.stop()
  await transport.close()
  await database.close()
})
await service.start()
