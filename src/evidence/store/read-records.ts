import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type ReadRecord, readRecord, type SealedRecord } from '../record/record-file.ts'

const BYTES_MAX = 16_000_000

export interface StoredRecord extends SealedRecord {
  /** Name of the file inside the folder. */
  readonly file: string
}

/** A file that does not count. */
export interface DamagedFile {
  readonly file: string
  readonly kind: 'edited' | 'unreadable'
  readonly reason: string
  /** The digest written in an edited file: later records name it. */
  readonly stated: string | undefined
}

export interface Evidence {
  /** Whole and unchanged, oldest first. */
  readonly records: readonly StoredRecord[]
  readonly damaged: readonly DamagedFile[]
}

/** Everything a folder of evidence holds; an absent folder holds nothing. Throws only when the folder cannot be listed. */
export function readRecords(folder: string): Evidence {
  const records: StoredRecord[] = []
  const damaged: DamagedFile[] = []
  for (const file of listRecordFiles(folder)) {
    const read = readFile(join(folder, file))
    if (read.kind === 'record') records.push({ file, digest: read.digest, record: read.record })
    else
      damaged.push({ file, kind: read.kind, reason: read.reason, stated: 'stated' in read ? read.stated : undefined })
  }
  return { records: records.sort(byTime), damaged }
}

/** Hidden files are writes under way, or cut short; everything else that is not JSON is not ours. */
function listRecordFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .sort()
}

function readFile(path: string): ReadRecord {
  try {
    if (statSync(path).size > BYTES_MAX) return { kind: 'unreadable', reason: `is larger than ${BYTES_MAX / 1e6} MB` }
    return readRecord(readFileSync(path, 'utf8'))
  } catch (error) {
    return { kind: 'unreadable', reason: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function byTime(a: StoredRecord, b: StoredRecord): number {
  return compare(a.record.at, b.record.at) || compare(a.digest, b.digest)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
