import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '../tables.ts'

/** What an operator did. */
export interface Deed {
  readonly operator: string
  readonly action: string
  readonly orderId?: string
  readonly detail?: string
}

/** Written in the transaction that does it: an action without its row has not happened. */
export async function writeAudit(
  transaction: Kysely<Tables>,
  { operator, action, orderId, detail }: Deed,
): Promise<void> {
  await transaction
    .insertInto('audit')
    .values({ operator, action, order_id: orderId ?? null, detail: detail ?? '' })
    .execute()
}

/** Newest first. */
export async function readAudit(db: Kysely<Tables>, { limit, orderId }: { limit: number; orderId?: string }) {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .$if(orderId !== undefined, (query) => query.where('order_id', '=', orderId ?? null))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(describeDeed)
}

function describeDeed({ at, operator, action, order_id: orderId, detail }: Selectable<Tables['audit']>) {
  return { at, operator, action, orderId, detail }
}
