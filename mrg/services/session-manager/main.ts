// Session Manager: what a ride would cost: routes from two map providers, fares from the Price Manager, quotes.
import {
  connectRedis,
  createService,
  databaseUrl,
  migrate,
  mrgFolder,
  openDatabase,
  readEnvironment,
  redisEnvironment,
  repeat,
  secret,
  url,
} from '../../kernel/index.ts'
import { openPrices } from './cache.ts'
import { forgetQuotes } from './forget-quotes.ts'
import { pricesInDatabase, pricesInRedis } from './last-prices.ts'
import { addRoutes } from './routes.ts'
import type { Tables } from './tables.ts'
import { createUpstreams } from './upstreams.ts'

const environment = readEnvironment({
  ...redisEnvironment,
  DATABASE: databaseUrl,
  GOOGLE_MAPS: url,
  GOOGLE_MAPS_KEY: secret,
  HERE_MAPS: url,
  HERE_MAPS_KEY: secret,
  PRICE_MANAGER: url,
})
const schema = 'sessions'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/session-manager/migrations` })

const service = await createService({
  name: 'session-manager',
  title: 'MRG Session Manager',
  environment,
  needs: { postgresql: () => database.check() },
})
const { app, log } = service
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log })
const { googleMaps, hereMaps, prices } = createUpstreams(environment)
const maps = [
  { upstream: googleMaps, apiKey: environment.GOOGLE_MAPS_KEY },
  { upstream: hereMaps, apiKey: environment.HERE_MAPS_KEY },
]

const redis = environment.REDIS && connectRedis(environment.REDIS, log)
const lastPrices = redis ? pricesInRedis(openPrices(redis, log)) : pricesInDatabase(database.relaxed)

addRoutes(app, { db: database.relaxed, maps, prices, lastPrices, log })
const forgetting = repeat(() => forgetQuotes(database.relaxed), { name: 'forget', everyMs: 600_000, log })
service.onStop(async () => {
  await forgetting.stop()
  redis?.disconnect()
  await database.close()
})
await service.start()
