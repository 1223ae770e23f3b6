// Taxi Partner Gateway: the only bridge to BBD, the partner's dispatch system, and the desk for when it is down.
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
import { connectBbd } from './bbd.ts'
import { addCallbacks } from './callbacks.ts'
import { openDesk } from './desk/open-desk.ts'
import { addRoutes } from './routes.ts'
import type { Tables } from './tables.ts'
import { cancelStrays, expireOld, queueLost, replayQueue, resolveDoubts } from './tidy.ts'
import { pollStale } from './track.ts'

const environment = readEnvironment({
  ...eventsEnvironment,
  DATABASE: databaseUrl,
  BBD: url,
  BBD_CLIENT_ID: secret,
  BBD_CLIENT_SECRET: secret,
  CALLBACK_SECRET: secret,
  OPERATOR_TOKEN: secret,
})
const schema = 'taxi'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/taxi-partner-gateway/migrations` })

const service = await createService({
  name: 'taxi-partner-gateway',
  title: 'MRG Taxi Partner Gateway',
  environment,
  needs: { postgresql: () => database.check() },
})
const { app, log } = service
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log })
const { db, relaxed, relaxedPool: pool } = database
const bbd = connectBbd({
  url: environment.BBD,
  clientId: environment.BBD_CLIENT_ID,
  clientSecret: environment.BBD_CLIENT_SECRET,
})
const transport = await openTransport(environment, { database, log })
const outbox = relayOutbox({ pool, transport, log })
const context = { db, relaxed, bbd }
const replay = repeat(() => replayQueue(context), { name: 'replay', everyMs: 1_000, log })
const jobs = [
  replay,
  repeat(() => pollStale(context), { name: 'poll', everyMs: 1_000, log }),
  repeat(() => resolveDoubts(context), { name: 'doubts', everyMs: 2_000, log }),
  repeat(() => cancelStrays(context, log), { name: 'strays', everyMs: 1_000, log }),
  repeat(() => queueLost(db), { name: 'lost', everyMs: 2_000, log }),
  repeat(() => expireOld(db), { name: 'expiry', everyMs: 5_000, log }),
]

addRoutes(app, context, outbox)
addCallbacks(app, { db, secret: environment.CALLBACK_SECRET, outbox })
const desk = openDesk(app, { ...context, outbox, replay, environment, log })
service.gauge('mrg_manual_queue_depth', 'Orders that people have to dispatch.', async () => {
  const { rows } = await pool.query(`select count(*) from dispatch where state = 'MANUAL_QUEUE'`)
  return rows[0].count
})
service.onStop(async () => {
  await Promise.all([...jobs, outbox, desk].map((job) => job.stop()))
  await transport.close()
  await database.close()
})
await service.start()
