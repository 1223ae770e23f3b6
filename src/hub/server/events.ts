import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { hubRun } from '../contract/drill.ts'
import { hubLive } from '../contract/live.ts'
import { hubPageRun } from '../contract/page-run.ts'
import { said } from '../contract/routes.ts'
import type { HubOptions } from './create-hub.ts'

const events = z
  .object({ live: hubLive, run: hubRun, page: hubPageRun, model: z.object({ digest: z.string() }) })
  .describe('By the name of the event: what its data is, each the whole present state of its kind.')

const schema = {
  summary: 'Server-sent events: what is down, the drill and the runbook under way, and that the vault has changed',
  response: { 200: { description: 'events', content: { 'text/event-stream': { schema: events } } }, 503: said },
}

export function addEvents(app: FastifyInstance, { streams }: HubOptions): void {
  app.get('/api/events', { schema }, (_request, reply) => {
    if (streams.isFull) return reply.code(503).send({ message: 'Too many pages are open.' })
    reply.hijack()
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    })
    streams.open(reply.raw)
  })
}
