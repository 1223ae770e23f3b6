import { type StoredRecord, standingOf } from '../../evidence/index.ts'
import { formatDuration } from '../../source/index.ts'
import { sayStanding } from '../terminal/evidence.ts'
import { count, percent } from '../terminal/paint.ts'
import { dayOf } from '../terminal/proof.ts'
import type { RegionSources } from './sources.ts'
import { code, list, plain, table } from './text.ts'

/** What drills measured of the claims that hold now: how long users were interrupted, and what was lost. */
export function writeMeasured({ proof }: RegionSources): string {
  const shown = [...proof.judgements.values()].filter(({ verdict, spread }) => verdict === 'supported' && spread.rtoMs)
  if (shown.length === 0) return 'No drill has measured an interruption yet.'
  const rows = shown.map(({ claim, environment, trials, spread: { rtoMs, lost }, lossAtMost }) => [
    code(claim),
    rtoMs ? [...new Set([rtoMs.min, rtoMs.median, rtoMs.max].map(formatDuration))].join(', ') : '–',
    lost === undefined ? 'not counted' : String(lost.max),
    lossAtMost === undefined ? '–' : percent(lossAtMost),
    String(trials),
    plain(environment ?? '–'),
  ])
  const titles = ['Claim', 'Interruption:', 'Lost, at most:', 'May lose, at 95 %:', 'Trials:', 'Where']
  return `${table(titles, rows)}\n\nInterruption as users saw it: shortest, median and longest, or one figure where all are the same. *May lose*: so few\ntrials without a loss cannot rule out that this share of them would have one.`
}

/** Every record with what it is worth now and until when; then what no drill tries. */
export function writeRecords({ evidence, proof }: RegionSources): string {
  const { supported, refuted } = proof.support
  const known = evidence.records.filter(({ record }) => record.at <= proof.asOf)
  const open = proof.judgements.size - supported.size - refuted.size
  const sum = `${count(known.length, 'record')}; of ${count(proof.judgements.size, 'claim')} ${supported.size} proved, ${refuted.size} refuted, ${open} unknown.`
  const rows = [...known].reverse().flatMap((stored) => writeRecord(stored, proof))
  const titles = ['When (UTC)', 'Where', 'Drill', 'Claim', 'Verdict', 'Now', 'Until', 'Record']
  return known.length === 0 ? 'No drill is recorded.' : `${sum}\n\n${table(titles, rows)}\n\n${sayUntried(proof)}`
}

function writeRecord(stored: StoredRecord, proof: RegionSources['proof']): string[][] {
  const { at, environment, drill, claims } = stored.record
  return claims.map((result) => {
    const standing = standingOf(stored, result, { judgements: proof.judgements, asOf: new Date(proof.asOf) })
    const judgement = proof.judgements.get(result.claim)
    return [
      at.slice(0, 16).replace('T', ' '),
      plain(environment),
      plain(drill.name),
      code(result.claim),
      result.verdict,
      sayStanding(standing),
      standing === 'counts' && judgement?.verdict === 'supported' ? dayOf(judgement.expiresAt) : '–',
      code(stored.digest.slice(0, 12)),
    ]
  })
}

function sayUntried({ notDrillable }: RegionSources['proof']): string {
  if (notDrillable.length === 0) return 'Every claim is tried by a drill.'
  return `No drill here tries ${list(notDrillable.map(code), 10)}.`
}
