import type { Assessment, Finding, View } from '../../assess/index.ts'
import { heading, type Paint, WIDTH, wrap } from './paint.ts'

const CONFIRM_FIRST = 3
/** From so many findings of one code on, the first speaks for the others. */
const ALIKE_MAX = 2
/** SPOFs and flows over budget have their own rows. */
const SHOWN_ABOVE: ReadonlySet<string> = new Set(['LP001', 'LP008'])

/** How much of the report rests on assumption, and what to confirm first; then the findings that are not SPOFs. */
export function writeAssumptions({ assumptions }: Assessment, view: View, paint: Paint): string[] {
  const { dependencyCount, assumedHard } = assumptions
  const byCode = new Map<string, Finding[]>()
  for (const finding of view.findings)
    if (!SHOWN_ABOVE.has(finding.code)) byCode.set(finding.code, [...(byCode.get(finding.code) ?? []), finding])
  const findings = [...byCode.values()].flatMap(writeAlike)
  const confirm = assumedHard.length === 0 ? [] : wrap(sayAssumed(dependencyCount, assumedHard), WIDTH, '  ')
  if (findings.length + confirm.length === 0) return []
  return [...heading('What to know', paint), ...confirm, ...findings]
}

function writeAlike(findings: readonly Finding[]): string[] {
  const shown = findings.length > ALIKE_MAX + 1 ? findings.slice(0, 1) : findings
  const others = findings.slice(shown.length).map(({ at }) => at)
  const lines = shown.flatMap(({ code, message }) => wrap(`${code} ${message}`, WIDTH, '  ', '        '))
  return others.length === 0 ? lines : [...lines, ...wrap(`The same of ${others.join(', ')}.`, WIDTH, '        ')]
}

function sayAssumed(dependencyCount: number, assumedHard: readonly string[]): string {
  const first = assumedHard.slice(0, CONFIRM_FIRST)
  const which = assumedHard.length <= CONFIRM_FIRST ? 'confirm' : `confirm these ${CONFIRM_FIRST} first:`
  return `${assumedHard.length} of ${dependencyCount} dependencies are assumed hard; ${which} ${first.join(', ')}.`
}
