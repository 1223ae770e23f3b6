// User Service: who the riders are: profiles, favourite addresses, payment methods.
import {
  connectRedis,
  createService,
  databaseUrl,
  migrate,
  mrgFolder,
  openDatabase,
  readEnvironment,
  redisEnvironment,
} from '../../kernel/index.ts'
import { openProfiles } from './cache.ts'
import { addRoutes } from './routes.ts'
import type { Tables } from './tables.ts'

const environment = readEnvironment({ ...redisEnvironment, DATABASE: databaseUrl })
const schema = 'users'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/user-service/migrations` })

const service = await createService({
  name: 'user-service',
  title: 'MRG User Service',
  environment,
  needs: { postgresql: () => database.check() },
})
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log: service.log })

const redis = environment.REDIS && connectRedis(environment.REDIS, service.log)

addRoutes(service.app, { db: database.db, profiles: redis && openProfiles(redis, service.log) })
service.onStop(async () => {
  redis?.disconnect()
  await database.close()
})
await service.start()
