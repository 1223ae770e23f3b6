import type { Kysely, Selectable } from 'kysely'
import * as z from 'zod'
import { moment } from '../../contracts/booking.ts'
import { type App, type Background, Problem } from '../../kernel/index.ts'
import type { MessageState, Tables } from './tables.ts'

const LISTED_MAX = 100
const text = z.string().min(1).max(1_000)
const states = ['WAITING', 'SENT', 'OUTDATED', 'GIVEN_UP'] as const satisfies MessageState[]

const messageRequest = z.object({
  phone: z.string().min(5).max(20),
  message: z.object({ id: text, en: text }),
  /** Lists it with the order's other messages. */
  orderId: z.uuid().optional(),
})
/** Without the phone: who asks knows whom it went to. */
const listed = z.object({
  messageId: z.string(),
  orderId: z.uuid().nullable(),
  message: z.object({ id: z.string(), en: z.string() }),
  state: z.enum(states),
  reason: z.string().nullable(),
  attempts: z.int(),
  createdAt: moment,
  sentAt: moment.nullable(),
})

export function addRoutes(app: App, { db, sending }: { db: Kysely<Tables>; sending: Background }): void {
  app.put(
    '/messages/:messageId',
    {
      schema: {
        params: z.object({ messageId: z.string().min(1).max(100) }),
        body: messageRequest,
        response: { 202: listed },
      },
    },
    async ({ params: { messageId }, body }, reply) => {
      const row = await keep(db, messageId, body)
      sending.nudge()
      return reply.code(202).send(describe(row))
    },
  )

  app.get(
    '/messages',
    {
      schema: {
        querystring: z.object({ orderId: z.uuid() }),
        response: { 200: z.object({ messages: z.array(listed) }) },
      },
    },
    async ({ query }) => {
      const rows = await db
        .selectFrom('message')
        .selectAll()
        .where('order_id', '=', query.orderId)
        .orderBy('created_at')
        .limit(LISTED_MAX)
        .execute()
      return { messages: rows.map(describe) }
    },
  )
}

/** The same message again changes nothing; another one under its id is refused. */
async function keep(
  db: Kysely<Tables>,
  messageId: string,
  { phone, message, orderId }: z.infer<typeof messageRequest>,
): Promise<Selectable<Tables['message']>> {
  await db
    .insertInto('message')
    .values({ message_id: messageId, phone, text: JSON.stringify(message), order_id: orderId ?? null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const kept = await db.selectFrom('message').selectAll().where('message_id', '=', messageId).executeTakeFirstOrThrow()
  if (kept.phone === phone && kept.text.id === message.id && kept.text.en === message.en) return kept
  throw new Problem(409, 'message-id-reused', { detail: 'Another message was sent under this id.' })
}

function describe(row: Selectable<Tables['message']>): z.infer<typeof listed> {
  return {
    messageId: row.message_id,
    orderId: row.order_id,
    message: row.text,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
  }
}
