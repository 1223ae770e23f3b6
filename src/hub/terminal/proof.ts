import type { DueDrill, Judgement, OpenFinding, Proof } from '../../evidence/index.ts'
import type { SystemModel } from '../../model/index.ts'
import { formatDuration } from '../../source/index.ts'
import { count, heading, type Paint, pad, percent, WIDTH, wrap } from './paint.ts'

const NAMES_SHOWN = 8
const ORDER = { refuted: 0, supported: 1, unknown: 2 }

export interface ProofOptions {
  readonly model: SystemModel
  /** Every claim that was tried, not only those that something rests on. */
  readonly isComplete: boolean
  readonly paint: Paint
}

/** What drills have shown of the claims, what to drill next, and what cannot be drilled here. */
export function writeProof(proof: Proof, options: ProofOptions): string[] {
  if (proof.judgements.size === 0) return []
  return [
    ...heading('Evidence', options.paint),
    ...say(summarise(proof)),
    ...writeClaims(proof, options),
    ...proof.findings.flatMap((finding) => say(sayFinding(finding), '  ! ')),
    ...writeNext(proof),
    ...writeNotDrillable(proof, options.model),
  ]
}

function summarise({ recordCount, damagedCount, judgements, support }: Proof): string {
  const { supported, refuted } = support
  const damaged =
    damagedCount === 0 ? '' : ` ${count(damagedCount, 'file')} of evidence cannot count: see linchpin evidence verify.`
  const open = judgements.size - supported.size - refuted.size
  const verdicts = `${supported.size} proved, ${refuted.size} refuted, ${open} unknown`
  const what = recordCount === 0 ? `No drill is recorded: nothing is proved of ${count(judgements.size, 'claim')}.` : ''
  return `${what || `${count(recordCount, 'record')}; of ${count(judgements.size, 'claim')} ${verdicts}.`}${damaged}`
}

/** Refuted first. What is proved and carries no mitigation in place is only counted. */
function writeClaims(proof: Proof, { model, isComplete, paint }: ProofOptions): string[] {
  const carried = new Set(model.mitigations.filter(({ state }) => state === 'in-place').flatMap(({ claims }) => claims))
  const tried = [...proof.judgements.values()].filter(({ isTried }) => isTried)
  const isShown = ({ verdict, claim }: Judgement) => isComplete || verdict !== 'supported' || carried.has(claim)
  const shown = tried.filter(isShown).sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict])
  const hidden = tried.length - shown.length
  const more = hidden > 0 ? say(`and ${hidden} more proved (--all shows them)`) : []
  return [...shown.flatMap((judgement) => writeClaim(judgement, paint)), ...more.map((line) => paint.dim(line))]
}

function writeClaim(judgement: Judgement, paint: Paint): string[] {
  const { verdict, claim } = judgement
  const mark = verdict === 'supported' ? paint.green('✓') : verdict === 'refuted' ? paint.red('✗') : paint.yellow('·')
  const [first = '', ...others] = wrap(sayVerdict(judgement), WIDTH - 48, '')
  if (claim.length <= 42)
    return [`  ${mark} ${pad(claim, 43)} ${first}`, ...others.map((line) => `${' '.repeat(48)}${line}`)]
  return [`  ${mark} ${claim}`, ...[first, ...others].map((line) => `${' '.repeat(48)}${line}`)]
}

/** `proved in lab:embedded until 2026-12-25, 3 trials, RTO 4 s, 5 s, 9 s (min, median, max)`. */
export function sayVerdict(judgement: Judgement): string {
  const { verdict, environment, at, expiresAt, reason } = judgement
  switch (verdict) {
    case 'supported':
      return [`proved in ${environment} until ${dayOf(expiresAt)}`, ...sayFigures(judgement)].join(', ')
    case 'refuted':
      return `refuted in ${environment} on ${dayOf(at)}: ${reason}`
    default:
      return environment === undefined ? `unknown: ${reason}` : `unknown in ${environment}: ${reason}`
  }
}

function sayFigures({ trials, spread: { rtoMs }, lossAtMost }: Judgement): string[] {
  const times = rtoMs && [rtoMs.min, rtoMs.median, rtoMs.max].map(formatDuration).join(', ')
  return [
    count(trials, 'trial'),
    ...(times ? [`RTO ${times} (min, median, max)`] : []),
    ...(lossAtMost === undefined || lossAtMost === 1
      ? []
      : [`nothing lost: at most ${percent(lossAtMost)} of trials would, at 95 %`]),
  ]
}

function sayFinding({ code, message, drill, environment, at }: OpenFinding): string {
  return `${code}: ${message} (${drill} in ${environment}, ${dayOf(at)})`
}

/** The most valuable drill among those that are due now; one that was refuted needs mending before it is run again. */
function writeNext({ due, drillCount, asOf }: Proof): string[] {
  if (drillCount === 0) return say('No drill is written (drills/*.yaml): nothing can be proved here.')
  const now = due.filter(({ dueAt }) => dueAt <= asOf)
  const next = now.find(({ claims }) => claims.some(({ verdict }) => verdict === 'unknown'))
  if (next) return say(sayNext(next))
  return say(
    now.length === 0 ? 'Nothing is due.' : 'Nothing is due but what was refuted: mend it, then drill it again.',
  )
}

function sayNext({ drill, claims, minutesAtStake, takesMs, isTimeAssumed }: DueDrill): string {
  const open = claims.filter(({ verdict }) => verdict !== 'supported').map(({ claim }) => claim)
  const time = `${isTimeAssumed ? 'assumed' : 'about'} ${formatDuration(takesMs)}`
  const gain = minutesAtStake > 0 ? `${Math.round(minutesAtStake)} minutes down a year hang on it; ` : ''
  return `Next: linchpin drill run ${drill} (${time}): ${gain}it tries ${shorten(open)}.`
}

function writeNotDrillable({ notDrillable, drillCount }: Proof, model: SystemModel): string[] {
  if (notDrillable.length === 0 || drillCount === 0) return []
  const planned = new Set(model.mitigations.flatMap(({ claims }) => claims))
  const first = notDrillable.filter((claim) => planned.has(claim))
  const names = shorten([...first, ...notDrillable.filter((claim) => !planned.has(claim))])
  return say(`Not drillable here, since no drill tries them: ${names}.`)
}

function shorten(names: readonly string[]): string {
  return names.length <= NAMES_SHOWN
    ? names.join(', ')
    : `${names.slice(0, NAMES_SHOWN - 1).join(', ')} and ${names.length - NAMES_SHOWN + 1} more`
}

function say(text: string, indent = '  '): string[] {
  return wrap(text, WIDTH, indent, '    ')
}

/** `2026-12-25` of a moment. */
export function dayOf(iso: string | undefined): string {
  return iso?.slice(0, 10) ?? '–'
}
