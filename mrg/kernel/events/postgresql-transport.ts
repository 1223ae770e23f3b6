import pg from 'pg'
import type { Logger } from 'pino'
import { event as eventSchema, subscriptions } from '../../contracts/event.ts'
import { repeat } from '../background.ts'
import { migrate, mrgFolder } from '../database.ts'
import { listen } from '../listen.ts'
import { listOf, takeRows } from './take-rows.ts'
import type { Subscription, Transport } from './transport.ts'

const BATCH = 50
const POLL_MS = 1_000
/** The wait before an event that could not be handled comes again, longest. */
const RETRY_SECONDS_MAX = 30
const CHANNEL = 'mrg_events'
const TELL_EVERY_MS = 50

/**
 * PostgreSQL as the queue: a row for each event and consumer, taken with SKIP LOCKED, so that instances share the
 * work and one that dies gives its rows back.
 */
export async function openPostgresqlTransport(options: {
  url: string
  pool: pg.Pool
  log: Logger
}): Promise<Transport> {
  await migrate({ url: options.url, schema: 'transport', folder: `${mrgFolder}kernel/events/migrations` })
  const { pool, log } = options
  const tell = tellSoon(pool, log)
  return {
    async publish(events) {
      const { rows } = await pool.query<{ consumer: string }>(
        `insert into transport.message (consumer, event)
         select s.consumer, e from jsonb_array_elements($1::jsonb) e
         join transport.subscription s on s.topic = e->>'topic'
         returning consumer`,
        [JSON.stringify(events)],
      )
      tell(rows.map(({ consumer }) => consumer))
    },
    async subscribe({ consumer, handle }) {
      await pool.query(
        `insert into transport.subscription (consumer, topic) select $1, unnest($2::text[]) on conflict do nothing`,
        [consumer, subscriptions[consumer]],
      )
      const job = repeat(() => takeBatch(pool, { consumer, handle, log }), {
        name: `${consumer} events`,
        everyMs: POLL_MS,
        log,
      })
      const ear = listen({ url: options.url, channel: CHANNEL, log }, (news) => {
        if (!news || news.split(',').includes(consumer)) job.nudge()
      })
      return {
        async stop() {
          await Promise.all([job.stop(), ear.stop()])
        },
      }
    },
    close: async () => undefined,
  }
}

async function takeBatch(
  pool: pg.Pool,
  { consumer, handle, log }: Pick<Subscription, 'consumer' | 'handle'> & { log: Logger },
): Promise<'again' | undefined> {
  const select = `select id, event from transport.message
    where consumer = ${pg.escapeLiteral(consumer)} and available_at <= now()
    order by id limit ${BATCH} for update skip locked`
  const count = await takeRows<{ id: number; event: unknown }>(pool, select, async (rows) => {
    const handled = await Promise.allSettled(rows.map(async ({ event }) => handle(eventSchema.parse(event))))
    const failed = rows.filter((_, index) => handled[index]?.status === 'rejected')
    const done = rows.filter((row) => !failed.includes(row))
    for (const { reason } of handled.filter((one) => one.status === 'rejected'))
      log.warn({ err: reason, consumer }, 'an event could not be handled; it comes again')
    const forget = `delete from transport.message where id = any(${listOf(done)})`
    return failed.length === 0 ? forget : `${forget}; ${postpone(failed)}`
  })
  return count === BATCH ? 'again' : undefined
}

function postpone(failed: readonly { id: number }[]): string {
  return `update transport.message set attempts = attempts + 1,
    available_at = now() + least(power(2, least(attempts, 10)), ${RETRY_SECONDS_MAX}) * interval '1 second'
    where id = any(${listOf(failed)})`
}

/**
 * Wakes the consumers that there is something for, at most twenty times a second. Not in the transaction that brings the
 * events: PostgreSQL lets only one transaction that notifies commit at a time.
 */
function tellSoon(pool: pg.Pool, log: Logger): (consumers: readonly string[]) => void {
  const waiting = new Set<string>()
  return (consumers) => {
    const isDue = waiting.size > 0
    for (const consumer of consumers) waiting.add(consumer)
    if (isDue || waiting.size === 0) return
    setTimeout(() => {
      const news = [...waiting].join()
      waiting.clear()
      // Polling hears of them too, only later.
      pool
        .query('select pg_notify($1, $2)', [CHANNEL, news])
        .catch((error: unknown) => log.warn({ err: error }, 'not told'))
    }, TELL_EVERY_MS).unref()
  }
}
