import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** For so long an expired quote is told apart from one that never was. */
const KEPT_MS = 24 * 60 * 60 * 1000

/** Deletes quotes that nobody can use any more. */
export async function forgetQuotes(db: Kysely<Tables>): Promise<undefined> {
  const oldest = new Date(Date.now() - KEPT_MS)
  await db.deleteFrom('quote').where('expires_at', '<', oldest).execute()
}
