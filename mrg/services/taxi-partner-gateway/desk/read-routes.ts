import * as z from 'zod'
import type { App } from '../../../kernel/index.ts'
import { readAudit } from './audit.ts'
import type { Desk } from './desk.ts'
import { readNotes, writeNote } from './notes.ts'
import { operatorOf } from './operator.ts'
import { readOrder, readQueue } from './queue.ts'

const limit = z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) })

/** What operators read, and what they tell the next shift. */
export function addReadRoutes(app: App, { db }: Desk): void {
  const params = z.object({ orderId: z.uuid() })
  app.get('/desk/queue', { schema: { summary: 'The queue, oldest first, and what people have dispatched' } }, () =>
    readQueue(db),
  )
  app.get('/desk/orders/:orderId', { schema: { summary: 'One order with its logs', params } }, ({ params }) =>
    readOrder(db, params.orderId),
  )
  app.get('/desk/audit', { schema: { summary: 'What operators did', querystring: limit } }, async ({ query }) => ({
    audit: await readAudit(db, query),
  }))
  app.get(
    '/desk/notes',
    { schema: { summary: 'Notes from shift to shift', querystring: limit } },
    async ({ query }) => ({
      notes: await readNotes(db, query.limit),
    }),
  )
  const body = z.strictObject({ text: z.string().trim().min(1).max(1_000) })
  app.post('/desk/notes', { schema: { summary: 'Leave a note for the next shift', body } }, async (request, reply) =>
    reply.code(201).send(await writeNote(db, { operator: operatorOf(request), text: request.body.text })),
  )
}
