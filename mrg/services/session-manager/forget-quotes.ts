import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { type Background, repeat } from '../../kernel/index.ts'
import type { Tables } from './tables.ts'

/** For so long an expired quote is told apart from one that never was. */
const KEPT_MS = 24 * 60 * 60 * 1000
const EVERY_MS = 10 * 60 * 1000

/** Deletes quotes that nobody can use any more. */
export function forgetQuotes({ db, log }: { db: Kysely<Tables>; log: Logger }): Background {
  const forget = async () => {
    await db
      .deleteFrom('quote')
      .where('expires_at', '<', new Date(Date.now() - KEPT_MS))
      .execute()
    return undefined
  }
  return repeat(forget, { name: 'forget quotes', everyMs: EVERY_MS, log })
}
