import type { Evidence, Proof } from '../../evidence/index.ts'
import type { HubEvidence } from '../contract/evidence.ts'
import { listClaims } from './component.ts'
import { listExpiries } from './expiry.ts'

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
  const claims = listClaims(proof, () => true)
  return {
    records: entries.reverse(),
    damaged: damaged.map(({ file, reason }) => `${file}: ${reason}`),
    claims,
    expiries: listExpiries(claims),
  }
}
