import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { addActions } from './act.ts'
import { addAlerts } from './alerts.ts'
import { addReadings } from './answer.ts'
import type { HubOptions } from './create-hub.ts'
import { addEvents } from './events.ts'
import { addPages } from './pages.ts'
import { addRefusals } from './refuse.ts'

const BODY_BYTES_MAX = 64 * 1024

/** Everything the hub answers, each route with what it takes and gives; `/api/openapi.json` is written from the same. */
export async function buildHub(options: HubOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true })
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
  addRefusals(app, options)
  addErrorAnswers(app)
  // Before any route: it describes those that come after it.
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Linchpin hub', version: '0.1.0' } },
    transform: jsonSchemaTransform,
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  addReadings(app, options)
  addActions(app, options)
  addEvents(app, options)
  addAlerts(app, options)
  addPages(app, options)
  return app
}

/** What an action throws is for the person: it cannot be done now. */
function addErrorAnswers(app: FastifyInstance): void {
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const wrong = error.validation.map(
        ({ instancePath, message }) => `${instancePath.slice(1) || 'body'}: ${message}`,
      )
      return reply
        .code(400)
        .send({ message: `This is not what ${request.url.split('?')[0]} takes. ${wrong.join('; ')}` })
    }
    return reply.code(error.statusCode ?? (request.method === 'POST' ? 409 : 500)).send({ message: error.message })
  })
}
