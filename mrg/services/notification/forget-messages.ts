import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Whom we wrote what is nobody's business for longer. */
const KEPT_FOR = '30 days'

export async function forgetMessages(db: Kysely<Tables>): Promise<undefined> {
  await sql`delete from inbox where seen_at < now() - ${KEPT_FOR}::interval`.execute(db)
  await db.deleteFrom('message').where('created_at', '<', sql<Date>`now() - ${KEPT_FOR}::interval`).execute()
}
