import { join } from 'node:path'
import type { RecordDraft } from '../record/record.ts'
import { nameOfFile, type SealedRecord, sealRecord, writeRecord } from '../record/record-file.ts'
import { findHeads } from './heads.ts'
import { readRecords } from './read-records.ts'
import { writeDurably } from './write-durably.ts'

export interface AppendedRecord extends SealedRecord {
  /** Path of the file. */
  readonly file: string
}

/**
 * Adds a record to a folder of evidence, as the child of every newest one. On return it is on the disk. Two writers at
 * once fork the chain, and the next record merges it. `at` is the caller's: the time the run ended. A record that was
 * written before is written no second time. Throws `InvalidRecordError` when the draft breaks the format.
 */
export async function appendRecord(folder: string, draft: RecordDraft): Promise<AppendedRecord> {
  const sealed = sealRecord(draft, findHeads(readRecords(folder)))
  const name = nameOfFile(sealed.record)
  await writeDurably(folder, name, writeRecord(sealed))
  return { ...sealed, file: join(folder, name) }
}
