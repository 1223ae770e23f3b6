import {
  type Evidence,
  type Proof,
  type Standing,
  type StoredRecord,
  standingOf,
  type VerifiedChain,
} from '../../evidence/index.ts'
import { unreachable } from '../../source/index.ts'
import { count, heading, type Paint, pad, WIDTH, wrap } from './paint.ts'
import { sayVerdict } from './proof.ts'

/** The report of `linchpin evidence list`: every record, then the verdicts they add up to. */
export function writeEvidence({ records, damaged }: Evidence, proof: Proof, paint: Paint): string {
  if (records.length + damaged.length === 0) return 'No drill is recorded.\n'
  const lines = [
    ...heading('Records', paint),
    ...records.flatMap((stored) => writeStored(stored, proof, paint)),
    ...damaged.flatMap(({ file, reason }) => wrap(`! ${file} ${reason}.`, WIDTH, '  ', '    ')),
    '',
    ...heading('Verdicts', paint),
    ...[...proof.judgements.values()]
      .filter(({ isTried }) => isTried)
      .flatMap((judgement) => wrap(`${judgement.claim}: ${sayVerdict(judgement)}`, WIDTH, '  ', '    ')),
  ]
  return `${lines.join('\n')}\n`
}

function writeStored(stored: StoredRecord, { judgements, asOf }: Proof, paint: Paint): string[] {
  const { at, environment, drill, claims, findings } = stored.record
  const head = `  ${at.slice(0, 16).replace('T', ' ')}  ${pad(environment, 14)}  ${pad(drill.name, 34)}  ${stored.digest.slice(0, 12)}`
  const results = claims.flatMap((result) => {
    const standing = standingOf(stored, result, { judgements, asOf: new Date(asOf) })
    const worth = `${result.verdict}, ${sayStanding(standing)}`
    return wrap(`${result.claim}: ${worth}. ${result.because}`, WIDTH, '    ', '      ')
  })
  const found = findings.flatMap(({ code, message }) => wrap(`! ${code}: ${message}`, WIDTH, '    ', '      '))
  return [paint.bold(head.trimEnd()), ...results, ...found]
}

/** What a result is worth now, in words. */
export function sayStanding(standing: Standing): string {
  switch (standing) {
    case 'counts':
      return 'counts'
    case 'superseded':
      return 'another result decides'
    case 'expired':
      return 'expired'
    case 'outdated':
      return 'the model changed since'
    case 'foreign':
      return 'the model has no such claim'
    case 'silent':
      return 'decides nothing'
    default:
      return unreachable(standing)
  }
}

const LIMITS = [
  'This shows that no record that has children was changed or removed. It cannot show that the newest records are all',
  'here, or that someone did not write the whole folder anew: keep a head elsewhere and give it with --head. It says',
  'nothing of whether what a record states was true.',
].join(' ')

/** The report of `linchpin evidence verify`, with what it cannot show. */
export function writeChain({ recordCount, heads, findings, leftovers }: VerifiedChain, paint: Paint): string {
  const verdict = findings.length === 0 ? 'whole' : paint.red(count(findings.length, 'finding'))
  const lines = [
    `${count(recordCount, 'record')}, ${verdict}.`,
    ...findings.flatMap(({ kind, file, message }) =>
      wrap(`${kind}: ${file ?? ''}${file === undefined ? '' : ' '}${message}`, WIDTH, '  ', '    '),
    ),
    ...leftovers.map((file) => `  ${file} is left of a write that was cut short; it may be removed.`),
    ...heads.map((head) => `head ${head}`),
    ...wrap(LIMITS, WIDTH, '').map((line) => paint.dim(line)),
  ]
  return `${lines.join('\n')}\n`
}
