import type { Generated, JSONColumnType } from 'kysely'
import type { Message } from '../../contracts/booking.ts'

export interface Tables {
  readonly message: MessageTable
  /** The events that were handled. */
  readonly inbox: { readonly topic: string; readonly order_id: string; readonly version: number }
}

/** OUTDATED: the order had moved on before it could be sent. GIVEN_UP: it could not be sent for an hour, or ever. */
export type MessageState = 'WAITING' | 'SENT' | 'OUTDATED' | 'GIVEN_UP'

interface MessageTable {
  readonly message_id: string
  readonly order_id: string | null
  readonly version: number | null
  readonly phone: string
  readonly text: JSONColumnType<Message>
  readonly state: Generated<MessageState>
  readonly reason: string | null
  readonly attempts: Generated<number>
  /** When it is tried again. */
  readonly next_at: Generated<Date>
  readonly created_at: Generated<Date>
  readonly sent_at: Date | null
}
