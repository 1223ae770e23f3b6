// User Service: who the riders are: profiles, favourite addresses, payment methods.
import { createService, databaseUrl, migrate, mrgFolder, openDatabase, readEnvironment } from '../../kernel/index.ts'
import { addRoutes } from './routes.ts'
import type { Tables } from './tables.ts'

const environment = readEnvironment({ DATABASE: databaseUrl })
const schema = 'users'
await migrate({ url: environment.DATABASE, schema, folder: `${mrgFolder}services/user-service/migrations` })

const service = await createService({
  name: 'user-service',
  title: 'MRG User Service',
  environment,
  needs: { postgresql: () => database.check() },
})
const database = openDatabase<Tables>({ url: environment.DATABASE, schema, log: service.log })

addRoutes(service.app, database.db)
service.onStop(() => database.close())
await service.start()
