import * as z from 'zod'
import { digestOf } from '../../source/index.ts'
import { type EvidenceRecord, RECORD_FORMAT, type RecordDraft, recordSchema } from './record.ts'

const ID_LENGTH = 12

/** A record with the digest by which later records name it. */
export interface SealedRecord {
  readonly digest: string
  readonly record: EvidenceRecord
}

/** Throws `InvalidRecordError` when the draft breaks the format. */
export function sealRecord(draft: RecordDraft, parents: readonly string[]): SealedRecord {
  const content = { ...draft, format: RECORD_FORMAT, parents: [...parents].sort() }
  const parsed = recordSchema.safeParse({ ...content, id: digestOf(content).slice(0, ID_LENGTH) })
  if (!parsed.success) throw new InvalidRecordError(z.prettifyError(parsed.error))
  return { record: parsed.data, digest: digestOf(parsed.data) }
}

export class InvalidRecordError extends Error {
  override readonly name = 'InvalidRecordError'
  readonly code = 'invalid-record'

  constructor(complaints: string) {
    super(`The record is not in the format of evidence and was not written:\n${complaints}`)
  }
}

/** `20261125T184911Z-1f0c….json`, in the order of time. */
export function nameOfFile({ at, id }: EvidenceRecord): string {
  return `${at.replaceAll(/[-:]|\.\d{3}/g, '')}-${id}.json`
}

/** For people first: indented, with the digest at the end. The digest is over the canonical JSON of all the rest. */
export function writeRecord({ record, digest }: SealedRecord): string {
  const { format, id, at, environment, drill, build, tookMs, claims, findings, parents } = record
  const ordered = { format, id, at, environment, drill, build, tookMs, claims, findings, parents, digest }
  return `${JSON.stringify(ordered, undefined, 2)}\n`
}

/** What the text of a file holds. `stated` is the digest written in it, also when the content is no longer its own. */
export type ReadRecord =
  | { readonly kind: 'record'; readonly digest: string; readonly record: EvidenceRecord }
  | { readonly kind: 'edited'; readonly stated: string; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string }

export function readRecord(text: string): ReadRecord {
  const json = parseJson(text)
  if (typeof json !== 'object' || json === null) return { kind: 'unreadable', reason: 'is not JSON' }
  const { digest: stated, ...rest } = json as Record<string, unknown>
  if (rest.format !== RECORD_FORMAT)
    return { kind: 'unreadable', reason: `is not in format ${RECORD_FORMAT} of evidence records` }
  if (typeof stated !== 'string') return { kind: 'unreadable', reason: 'has no digest' }
  if (digestOf(rest) !== stated)
    return { kind: 'edited', stated, reason: 'was changed after it was written: its content is not that of its digest' }
  const parsed = recordSchema.safeParse(rest)
  if (!parsed.success) return { kind: 'unreadable', reason: `breaks the format: ${explain(parsed.error)}` }
  return { kind: 'record', digest: stated, record: parsed.data }
}

function explain(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
