import type { Assessment, View } from '../../assess/index.ts'
import { heading, type Paint, WIDTH, wrap } from './paint.ts'

const CONFIRM_FIRST = 3
/** SPOFs and flows over budget have their own rows. */
const SHOWN_ABOVE: ReadonlySet<string> = new Set(['LP001', 'LP008'])

/** How much of the report rests on assumption, and what to confirm first; then the findings that are not SPOFs. */
export function writeAssumptions({ assumptions }: Assessment, view: View, paint: Paint): string[] {
  const { dependencyCount, assumedHard } = assumptions
  const others = view.findings.filter(({ code }) => !SHOWN_ABOVE.has(code))
  const lines = others.flatMap((finding) => wrap(`${finding.code} ${finding.message}`, WIDTH, '  ', '        '))
  const confirm =
    assumedHard.length === 0 ? [] : wrap(sayAssumed(dependencyCount, rank(assumedHard, view)), WIDTH, '  ')
  if (lines.length + confirm.length === 0) return []
  return [...heading('What to know', paint), ...confirm, ...lines]
}

function sayAssumed(dependencyCount: number, ranked: readonly string[]): string {
  const first = ranked.slice(0, CONFIRM_FIRST)
  const which = ranked.length <= CONFIRM_FIRST ? 'confirm' : `confirm these ${CONFIRM_FIRST} first:`
  return `${ranked.length} of ${dependencyCount} dependencies are assumed hard; ${which} ${first.join(', ')}.`
}

/** The assumptions that most hangs on: those whose target takes most business down. */
function rank(assumedHard: readonly string[], view: View): string[] {
  const blast = new Map(view.components.map((item) => [item.component.id, item.assumed ? item.blastRadius.down : 0]))
  const weight = (id: string) => blast.get(id.slice(id.indexOf('>') + 1)) ?? 0
  return [...assumedHard].sort((a, b) => weight(b) - weight(a))
}
