// Notification: tells riders what they should know while they look elsewhere. Nothing waits for it.
import {
  createService,
  databaseUrl,
  eventsEnvironment,
  migrate,
  mrgFolder,
  openDatabase,
  openTransport,
  readEnvironment,
  repeat,
  url,
} from '../../kernel/index.ts'
import { forgetMessages } from './forget-messages.ts'
import { addRoutes } from './routes.ts'
import { sendMessages } from './send-messages.ts'
import type { Tables } from './tables.ts'
import { takeEvent } from './take-event.ts'
import { createUpstreams } from './upstreams.ts'

const environment = readEnvironment({ ...eventsEnvironment, DATABASE: databaseUrl, MESSAGING: url })
const schema = 'notifications'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/notification/migrations` })

const service = await createService({
  name: 'notification',
  title: 'MRG Notification',
  environment,
  needs: { postgresql: () => database.check() },
})
const { app, log } = service
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log })
// A message whose sending is forgotten is sent again; its provider knows it by its id.
const { relaxed } = database
const { messaging } = createUpstreams(environment)
const sending = repeat(() => sendMessages({ db: relaxed, messaging, log }), { name: 'send', everyMs: 1_000, log })
const forgetting = repeat(() => forgetMessages(relaxed), { name: 'forget', everyMs: 3_600_000, log })
const transport = await openTransport(environment, { database, log })
const subscription = await transport.subscribe({
  consumer: 'notification',
  async handle(event, db) {
    if (await takeEvent(db, event)) sending.nudge()
  },
})

addRoutes(app, { db: relaxed, sending })
service.gauge('mrg_messages_waiting', 'Messages to riders that could not be sent yet.', async () => {
  const { waiting } = await relaxed
    .selectFrom('message')
    .select(({ fn }) => fn.countAll<number>().as('waiting'))
    .where('state', '=', 'WAITING')
    .executeTakeFirstOrThrow()
  return waiting
})
service.onStop(async () => {
  await Promise.all([subscription, sending, forgetting].map((job) => job.stop()))
  await transport.close()
  await database.close()
})
await service.start()
