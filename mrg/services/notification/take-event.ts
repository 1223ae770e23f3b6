import { type Kysely, sql } from 'kysely'
import * as z from 'zod'
import { dispatch, type Message } from '../../contracts/booking.ts'
import type { Event } from '../../contracts/event.ts'
import { messageForDispatch } from '../../contracts/messages.ts'
import { handleOnce } from '../../kernel/index.ts'
import type { Tables } from './tables.ts'

/** What riders want to know while they look elsewhere. */
const TOLD: readonly string[] = ['MANUAL_QUEUE', 'EN_ROUTE', 'OFFLINE_DISPATCH', 'NO_TAXI', 'CANCELED']
const news = dispatch.extend({ rider: z.object({ name: z.string(), phone: z.string() }) })

/**
 * Keeps a message to the rider whose taxi has news; `sendMessages` sends it. Older news than was heard is no news. Whether
 * there may be something to send now.
 */
export async function takeEvent(db: Kysely<Tables>, event: Event): Promise<boolean> {
  const isTold = TOLD.includes(event.status)
  await handleOnce(db, event, async (transaction) => {
    if (!isTold) return
    const { rider, ...taxi } = news.parse(event.data)
    const { orderId, version } = event
    const text = messageForDispatch(taxi)
    await lockOrder(transaction, orderId)
    if (await isOlder(transaction, event)) return
    if (await isSaid(transaction, { orderId, version, text })) return
    await transaction
      .insertInto('message')
      .values({
        message_id: `dispatch.${orderId}.${version}`,
        order_id: orderId,
        version,
        phone: rider.phone,
        text: JSON.stringify(text),
      })
      .execute()
  })
  return isTold
}

/** Until the transaction ends: news of one order that come at once are taken one after the other. */
async function lockOrder(transaction: Kysely<Tables>, orderId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${orderId}, 0))`.execute(transaction)
}

async function isOlder(transaction: Kysely<Tables>, { orderId, version }: Event): Promise<boolean> {
  const newer = await transaction
    .selectFrom('inbox')
    .select('version')
    .where('topic', '=', 'dispatch')
    .where('order_id', '=', orderId)
    .where('version', '>', version)
    .limit(1)
    .executeTakeFirst()
  return newer !== undefined
}

/** Whether the rider's latest message says the same already; then it stands for this news too. */
async function isSaid(
  transaction: Kysely<Tables>,
  { orderId, version, text }: { orderId: string; version: number; text: Message },
): Promise<boolean> {
  const latest = await transaction
    .selectFrom('message')
    .select(['message_id', 'text'])
    .where('order_id', '=', orderId)
    .where('version', 'is not', null)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (latest?.text.id !== text.id) return false
  await transaction.updateTable('message').set({ version }).where('message_id', '=', latest.message_id).execute()
  return true
}
