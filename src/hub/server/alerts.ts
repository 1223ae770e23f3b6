import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { said } from '../contract/routes.ts'
import type { HubOptions } from './create-hub.ts'

/** Alertmanager sends a group of alerts at a time. */
const BODY_BYTES_MAX = 512 * 1024

const schema = {
  summary: 'Takes what Alertmanager sends (webhook, version 4), with the token of live.yaml as Bearer',
  body: z.string().describe('The JSON of the webhook.'),
  response: { 200: said, 400: said },
}

/** The text is handed on as it came: what it means is known where runbooks are. */
export function addAlerts(app: FastifyInstance, { alerts }: HubOptions): void {
  void app.register((scope, _options, ready) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    const options = { schema, config: { role: 'alertmanager' }, bodyLimit: BODY_BYTES_MAX } as const
    scope.post('/api/alerts', options, async (request, reply) => {
      try {
        return reply.send({ message: `${alerts.receive(request.body as string)} taken` })
      } catch (error) {
        return reply.code(400).send({ message: error instanceof Error ? error.message : String(error) })
      }
    })
    ready()
  })
}
