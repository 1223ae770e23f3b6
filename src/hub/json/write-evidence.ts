import { type Evidence, type Proof, standingOf } from '../../evidence/index.ts'

/** The JSON of `linchpin evidence list`: each record as it was written, and what its results are worth now. */
export function writeEvidenceJson({ records, damaged }: Evidence, { judgements, asOf }: Proof): object {
  const moment = { judgements, asOf: new Date(asOf) }
  return {
    asOf,
    records: records.map((stored) => ({
      file: stored.file,
      digest: stored.digest,
      ...stored.record,
      claims: stored.record.claims.map((result) => ({ ...result, standing: standingOf(stored, result, moment) })),
    })),
    damaged: damaged.map(({ file, kind, reason }) => ({ file, kind, reason })),
    verdicts: [...judgements.values()].filter(({ isTried }) => isTried),
  }
}
