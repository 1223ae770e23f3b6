// Order Detail: the read side: what every service has said of an order, put together for its rider.
import {
  createService,
  databaseUrl,
  eventsEnvironment,
  migrate,
  mrgFolder,
  openDatabase,
  openTransport,
  readEnvironment,
  url,
} from '../../kernel/index.ts'
import { addRoutes } from './routes.ts'
import type { Tables } from './tables.ts'
import { takeEvent } from './take-event.ts'
import { createUpstreams } from './upstreams.ts'

const environment = readEnvironment({ ...eventsEnvironment, DATABASE: databaseUrl, USER_SERVICE: url })
const schema = 'orders_view'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/order-detail/migrations` })

const service = await createService({
  name: 'order-detail',
  title: 'MRG Order Detail',
  environment,
  needs: { postgresql: () => database.check() },
})
const { app, log } = service
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log })
const transport = await openTransport(environment, { database, log })
const subscription = await transport.subscribe({
  consumer: 'order-detail',
  handle: (event, db) => takeEvent(db, event),
})

addRoutes(app, { database, riders: createUpstreams(environment).riders, log })
service.onStop(async () => {
  await subscription.stop()
  await transport.close()
  await database.close()
})
await service.start()
