import type { Kysely } from 'kysely'
import { tellDesk } from '../move.ts'
import type { Tables } from '../tables.ts'
import { writeAudit } from './audit.ts'

/** Newest first. */
export function readNotes(db: Kysely<Tables>, limit: number) {
  return db.selectFrom('shift_note').select(['at', 'operator', 'text']).orderBy('id', 'desc').limit(limit).execute()
}

export function writeNote(db: Kysely<Tables>, note: { operator: string; text: string }) {
  return db.transaction().execute(async (transaction) => {
    const written = await transaction
      .insertInto('shift_note')
      .values(note)
      .returning(['at', 'operator', 'text'])
      .executeTakeFirstOrThrow()
    await writeAudit(transaction, { operator: note.operator, action: 'note', detail: note.text })
    await tellDesk(transaction)
    return written
  })
}
