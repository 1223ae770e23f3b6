import type pg from 'pg'
import type { Logger } from 'pino'
import { event as eventSchema, subscriptions } from '../../contracts/event.ts'
import { repeat } from '../background.ts'
import { migrate, mrgFolder } from '../database.ts'
import { listen } from '../listen.ts'
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
      await pool.query(
        `insert into transport.message (consumer, event)
         select s.consumer, e from jsonb_array_elements($1::jsonb) e
         join transport.subscription s on s.topic = e->>'topic'`,
        [JSON.stringify(events)],
      )
      tell()
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
      const ear = listen({ url: options.url, channel: CHANNEL, log }, () => job.nudge())
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
  const client = await pool.connect()
  let isBroken = false
  try {
    await client.query('begin')
    const { rows } = await client.query<{ id: number; event: unknown }>(
      `select id, event from transport.message where consumer = $1 and available_at <= now()
       order by id limit ${BATCH} for update skip locked`,
      [consumer],
    )
    if (rows.length === 0) {
      await client.query('commit')
      return undefined
    }
    const handled = await Promise.allSettled(rows.map(({ event }) => handle(eventSchema.parse(event))))
    const failed = rows.filter((_, index) => handled[index]?.status === 'rejected').map(({ id }) => id)
    const done = rows.map(({ id }) => id).filter((id) => !failed.includes(id))
    for (const { reason } of handled.filter((one) => one.status === 'rejected'))
      log.warn({ err: reason, consumer }, 'an event could not be handled; it comes again')
    await client.query('delete from transport.message where id = any($1)', [done])
    await client.query(
      `update transport.message set attempts = attempts + 1,
       available_at = now() + least(power(2, least(attempts, 10)), ${RETRY_SECONDS_MAX}) * interval '1 second'
       where id = any($1)`,
      [failed],
    )
    await client.query('commit')
    return rows.length === BATCH ? 'again' : undefined
  } catch (error) {
    isBroken = true
    throw error
  } finally {
    client.release(isBroken)
  }
}

/**
 * Wakes the consumers, at most twenty times a second. Not in the transaction that brings the events: PostgreSQL lets
 * only one transaction that notifies commit at a time.
 */
function tellSoon(pool: pg.Pool, log: Logger): () => void {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    setTimeout(() => {
      isDue = false
      // Polling hears of them too, only later.
      pool
        .query('select pg_notify($1, $2)', [CHANNEL, ''])
        .catch((error: unknown) => log.warn({ err: error }, 'not told'))
    }, TELL_EVERY_MS).unref()
  }
}
