import { type Kysely, type Selectable, sql } from 'kysely'
import type { Logger } from 'pino'
import * as z from 'zod'
import { type Upstream, UpstreamError } from '../../kernel/index.ts'
import { languageOf } from './language-of.ts'
import type { Tables } from './tables.ts'

const BATCH = 20
/** Longer than the provider may take: until then nobody else sends what an instance has taken. */
const LEASE_SECONDS = 30
const RETRY_SECONDS_MAX = 60
/** Later, a text would tell what is long over. */
const TRIED_FOR = '1 hour'

type Row = Selectable<Tables['message']>
interface Context {
  readonly db: Kysely<Tables>
  readonly messaging: Upstream
  readonly log: Logger
}

/**
 * Sends what is due. An instance that dies on the way leaves its messages to the others; the provider knows a message
 * again by its id, so none is sent twice.
 */
export async function sendMessages(context: Context): Promise<'again' | undefined> {
  await dropOutdated(context.db)
  await giveUp(context.db)
  const due = await takeDue(context.db)
  await Promise.all(due.map((row) => send(context, row)))
  return due.length === BATCH ? 'again' : undefined
}

/** Those that are due; the others may be on their way at this moment. */
function dropDue(db: Kysely<Tables>, state: 'OUTDATED' | 'GIVEN_UP') {
  return db
    .updateTable('message')
    .set({ state })
    .where('state', '=', 'WAITING')
    .where('next_at', '<=', sql<Date>`now()`)
}

async function dropOutdated(db: Kysely<Tables>): Promise<void> {
  await dropDue(db, 'OUTDATED')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('inbox')
          .select('inbox.version')
          .where('inbox.topic', '=', 'dispatch')
          .whereRef('inbox.order_id', '=', 'message.order_id')
          .whereRef('inbox.version', '>', 'message.version'),
      ),
    )
    .execute()
}

async function giveUp(db: Kysely<Tables>): Promise<void> {
  await dropDue(db, 'GIVEN_UP').where('created_at', '<', sql<Date>`now() - ${TRIED_FOR}::interval`).execute()
}

async function takeDue(db: Kysely<Tables>): Promise<Row[]> {
  const due = db
    .selectFrom('message')
    .select('message_id')
    .where('state', '=', 'WAITING')
    .where('next_at', '<=', sql<Date>`now()`)
    .orderBy('next_at')
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
  return db
    .updateTable('message')
    .set(({ eb }) => ({ attempts: eb('attempts', '+', 1), next_at: secondsFromNow(LEASE_SECONDS) }))
    .where('message_id', 'in', due)
    .returningAll()
    .execute()
}

async function send({ db, messaging, log }: Context, row: Row): Promise<void> {
  const { message_id: messageId, phone: to } = row
  const language = languageOf(to)
  const outcome = await messaging
    .call('POST', '/messages', {
      body: { messageId, to, text: row.text[language], language },
      answer: z.unknown(),
      idempotent: true,
    })
    .then(() => ({ state: 'SENT', sent_at: new Date(), reason: null }) as const)
    .catch((error: unknown) => {
      log.debug({ err: error, messageId }, 'a message could not be sent')
      return afterFailure(error, row.attempts)
    })
  await db.updateTable('message').set(outcome).where('message_id', '=', messageId).execute()
}

function afterFailure(error: unknown, attempts: number) {
  const reason = error instanceof Error ? error.message.slice(0, 300) : 'unknown'
  const isHopeless = error instanceof UpstreamError && [400, 404, 422].includes(error.status)
  if (isHopeless) return { state: 'GIVEN_UP', reason } as const
  return { reason, next_at: secondsFromNow(Math.min(2 ** attempts, RETRY_SECONDS_MAX)) }
}

function secondsFromNow(seconds: number) {
  return sql<Date>`now() + make_interval(secs => ${seconds})`
}
