import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import type { Logger } from 'pino'
import { type Event, event as eventSchema } from '../../contracts/event.ts'
import { type Background, repeat } from '../background.ts'
import { listOf, takeRows } from './take-rows.ts'
import type { Transport } from './transport.ts'

const BATCH = 100
const POLL_MS = 1_000

/**
 * Writes what happened into the service's own `outbox` table, in the transaction that makes it happen: either both are
 * there or neither. `relayOutbox` sends it on.
 */
export async function writeEvent(transaction: Kysely<never>, event: Event): Promise<void> {
  await sql`insert into outbox (event) values (${JSON.stringify(event)}::jsonb)`.execute(transaction)
}

/**
 * Moves events from the outbox to the transport, oldest first. An event leaves the outbox after the transport has it,
 * so a crash in between sends it twice and never loses it.
 */
export function relayOutbox(options: { pool: pg.Pool; transport: Transport; log: Logger }): Background {
  const { pool, transport, log } = options
  const select = `select id, event from outbox order by id limit ${BATCH} for update skip locked`
  const relay = async (): Promise<'again' | undefined> => {
    const count = await takeRows<{ id: number; event: unknown }>(pool, select, async (rows) => {
      await transport.publish(rows.map(({ event }) => eventSchema.parse(event)))
      return `delete from outbox where id = any(${listOf(rows)})`
    })
    return count === BATCH ? 'again' : undefined
  }
  return repeat(relay, { name: 'outbox', everyMs: POLL_MS, log })
}

/**
 * Handles an event once, however often it comes: `apply` runs in one transaction with the note that this event was
 * seen. False when it had been.
 */
export async function handleOnce<Tables>(
  db: Kysely<Tables>,
  event: Event,
  apply: (transaction: Kysely<Tables>) => Promise<void>,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const { topic, orderId, status, version } = event
    const seen = await sql`insert into inbox (topic, order_id, status, version)
      values (${topic}, ${orderId}, ${status}, ${version}) on conflict do nothing`.execute(transaction)
    if (seen.numAffectedRows === 0n) return false
    await apply(transaction)
    return true
  })
}
