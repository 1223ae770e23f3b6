export { digestOfClaim } from './claim-parts.ts'
export { type Judgements, judgeClaims } from './judge/judge-claims.ts'
export type { Judgement } from './judge/judgement.ts'
export { type Climbed, climb, type Rung } from './judge/rungs.ts'
export type { Spread } from './judge/sample.ts'
export { type Standing, standingOf } from './judge/standing.ts'
export { findRefuted } from './proof/find-refuted.ts'
export type { DueDrill, KnownDrill } from './proof/list-due.ts'
export { type OpenFinding, type Proof, weighEvidence } from './proof/weigh-evidence.ts'
export {
  type ClaimResult,
  type EvidenceFinding,
  type EvidenceRecord,
  type RecordDraft,
  writeRecordSchema,
} from './record/record.ts'
export { InvalidRecordError } from './record/record-file.ts'
export { type AppendedRecord, appendRecord } from './store/append-record.ts'
export { type Evidence, readRecords, type StoredRecord } from './store/read-records.ts'
export { type ChainFinding, type VerifiedChain, verifyRecords } from './store/verify-records.ts'
