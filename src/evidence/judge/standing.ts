import { unreachable } from '../../source/index.ts'
import type { ClaimResult, EvidenceRecord } from '../record/record.ts'
import type { SealedRecord } from '../record/record-file.ts'
import type { Judgements } from './judge-claims.ts'
import { expiryOf } from './judge-environment.ts'

/**
 * What one result of one record is worth now. `counts`: the verdict rests on it. `superseded`: another result decides.
 * `outdated`: the model changed. `foreign`: the model has no such claim. `silent`: the drill could not tell.
 */
export type Standing = 'counts' | 'superseded' | 'expired' | 'outdated' | 'foreign' | 'silent'

export function standingOf(
  { record, digest }: SealedRecord,
  result: ClaimResult,
  { judgements, asOf }: { readonly judgements: Judgements; readonly asOf: Date },
): Standing {
  const judgement = judgements.get(result.claim)
  if (!judgement) return 'foreign'
  if (judgement.part !== result.part) return 'outdated'
  if (judgement.records.includes(digest) && (judgement.verdict === 'unknown' || judgement.verdict === result.verdict))
    return 'counts'
  return standingOfUncounted(record, result, asOf)
}

function standingOfUncounted(record: EvidenceRecord, result: ClaimResult, asOf: Date): Standing {
  switch (result.verdict) {
    case 'unknown':
      return 'silent'
    case 'refuted':
      return 'superseded'
    case 'supported':
      return expiryOf({ atMs: Date.parse(record.at), result }) <= asOf.getTime() ? 'expired' : 'superseded'
    default:
      return unreachable(result.verdict)
  }
}
