import type { Evidence, Proof } from '../../evidence/index.ts'
import { type ClaimEntry, listClaims } from './component.ts'

export interface RecordEntry {
  readonly id: string
  readonly file: string
  readonly at: string
  readonly environment: string
  readonly drill: string
  readonly tookMs: number | undefined
  readonly claims: readonly {
    readonly claim: string
    readonly verdict: string
    readonly because: string
    readonly trials: readonly Readonly<Record<string, number>>[]
  }[]
}

export interface HubEvidence {
  readonly records: readonly RecordEntry[]
  readonly damaged: readonly string[]
  readonly claims: readonly ClaimEntry[]
}

/** Newest first. */
export function describeEvidence({ records, damaged }: Evidence, proof: Proof): HubEvidence {
  const entries = records.map(({ record, file }) => ({
    id: record.id,
    file,
    at: record.at,
    environment: record.environment,
    drill: record.drill.name,
    tookMs: record.tookMs,
    claims: record.claims.map(({ claim, verdict, because, trials }) => ({ claim, verdict, because, trials })),
  }))
  return {
    records: entries.reverse(),
    damaged: damaged.map(({ file, reason }) => `${file}: ${reason}`),
    claims: listClaims(proof, () => true),
  }
}
