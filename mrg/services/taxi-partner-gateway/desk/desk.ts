import type { Kysely } from 'kysely'
import type { Background } from '../../../kernel/index.ts'
import type { SendContext } from '../send.ts'
import type { Tables } from '../tables.ts'

/** What the desk works with. */
export interface Desk extends SendContext {
  readonly db: Kysely<Tables>
  /** Sends events on at once. */
  readonly outbox: Background
  /** Tries the queue again at once. */
  readonly replay: Background
}
