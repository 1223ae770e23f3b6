import type { ClaimResult, EvidenceRecord, RecordDraft } from '../index.ts'

export const DAY_MS = 24 * 60 * 60 * 1_000
const START_MS = Date.parse('2026-01-01T00:00:00.000Z')

/** Days after the first of January 2026. */
export function day(days: number): Date {
  return new Date(START_MS + days * DAY_MS)
}

export interface SampleOptions {
  readonly day?: number
  readonly environment?: string
  readonly drill?: string
  readonly findings?: EvidenceRecord['findings']
}

/** A draft with one result; what the sentence of a test does not name is ordinary. */
export function sampleDraft(result: Partial<ClaimResult>, options: SampleOptions = {}): RecordDraft {
  const { environment = 'lab:embedded', drill = 'sample', findings = [] } = options
  const ordinary = { claim: 'guard:shop>stars', part: 'b'.repeat(64), because: 'because of it', trials: [{}] }
  return {
    at: day(options.day ?? 0).toISOString(),
    environment,
    drill: { name: drill, digest: 'a'.repeat(64) },
    claims: [{ ...ordinary, verdict: 'supported', ...result }],
    findings,
  }
}

/** As it would be read from a folder, without one. */
export function sampleRecord(draft: RecordDraft, digest: string): { digest: string; record: EvidenceRecord } {
  return { digest, record: { format: 1, id: '0'.repeat(12), parents: [], ...draft } }
}
