// API Gateway: the only door for the apps. It knows who asks, and which service answers.
import { createService, readEnvironment, secret, url } from '../../kernel/index.ts'
import { addRoutes } from './routes.ts'
import { createUpstreams } from './upstreams.ts'

const environment = readEnvironment({
  ORDER_ORCHESTRATOR: url,
  ORDER_DETAIL: url,
  SESSION_MANAGER: url,
  TAXI_PARTNER_GATEWAY: url,
  USER_SERVICE: url,
  TOKEN_SECRET: secret,
})

const service = await createService({ name: 'api-gateway', title: 'MRG API Gateway', environment, needs: {} })

addRoutes(service.app, { upstreams: createUpstreams(environment), tokenSecret: environment.TOKEN_SECRET })
await service.start()
