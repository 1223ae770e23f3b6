import {
  type Assessment,
  type ComponentView,
  type NextStep,
  suggestNextSteps,
  type ViewName,
} from '../../assess/index.ts'
import { writeAssumptions } from './assumptions.ts'
import { writeFlows } from './flows.ts'
import { writeMetrics } from './metrics.ts'
import { heading, type Paint, pad, padLeft, percent, WIDTH, wrap } from './paint.ts'

export interface OverviewOptions {
  /** Which state to print. */
  readonly as: ViewName
  /** Every component, not only the ones that a flow rests on. */
  readonly isComplete: boolean
  readonly paint: Paint
}

const GROUPS: readonly [ComponentView['group'], string][] = [
  ['infrastructure', 'Infrastructure'],
  ['services', 'Services'],
  ['external', 'External dependencies'],
]

/** The report of `linchpin assess`: components by group, flows, key metrics, and what rests on assumption. */
export function writeOverview(assessment: Assessment, options: OverviewOptions): string {
  const { paint, as } = options
  const sections = [
    writeTitle(assessment, as, paint),
    ...writeGroups(assessment, options),
    writeFlows(assessment, assessment[as], paint),
    writeMetrics(assessment.metrics, paint),
    writeAssumptions(assessment, assessment[as], paint),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const STATE: Record<ViewName, string> = {
  was: 'as it was, before any mitigation',
  claimed: 'with the mitigations in place (claimed); bars show what is not yet proved too',
  proved: 'with the mitigations that evidence supports now (proved)',
  target: 'with every mitigation of the roadmap (target)',
}

function writeTitle({ model }: Assessment, as: ViewName, paint: Paint): string[] {
  const count = `${model.components.length} components, ${model.flows.length} flows`
  return [`${paint.bold(`Single points of failure: ${model.title}`)}  (${count})`, paint.dim(`State: ${STATE[as]}.`)]
}

function writeGroups(assessment: Assessment, options: OverviewOptions): string[][] {
  const view = assessment[options.as]
  const proved = new Map(assessment.proved.components.map((item) => [item.component.id, item]))
  const steps = suggestNextSteps(assessment, options.as)
  const byRisk = view.components.some((item) => item.risk !== undefined && item.risk > 0)
  const row = (item: ComponentView) =>
    writeComponent(item, {
      proved: options.as === 'claimed' ? (proved.get(item.component.id) ?? item) : item,
      step: steps.get(item.component.id),
      byRisk,
      paint: options.paint,
    })
  return GROUPS.flatMap(([group, title]) => {
    const members = view.components.filter((item) => item.group === group).sort(byWeight)
    if (members.length === 0) return []
    const shown = options.isComplete ? members : members.filter(isWorthARow)
    const hidden = members.length - shown.length
    const more =
      hidden > 0 ? [options.paint.dim(`  and ${hidden} more that no flow rests on alone (--all shows them)`)] : []
    return [[...heading(title, options.paint), options.paint.dim(header(byRisk)), ...shown.flatMap(row), ...more]]
  })
}

function isWorthARow(item: ComponentView): boolean {
  return item.spofOf.length > 0 || item.blastRadius.down > 0
}

/** SPOFs first, certain before assumed, then blast radius, then risk. */
function byWeight(a: ComponentView, b: ComponentView): number {
  const rank = (item: ComponentView) => (item.spofOf.length === 0 ? 2 : item.assumed ? 1 : 0)
  return (
    rank(a) - rank(b) ||
    b.blastRadius.down - a.blastRadius.down ||
    (b.risk ?? 0) - (a.risk ?? 0) ||
    b.hangRadius.down - a.hangRadius.down
  )
}

function header(byRisk: boolean): string {
  const bar = byRisk ? 'risk, of error budget' : 'blast radius'
  return `  ${pad('', 28)}${pad(bar, 23)}${padLeft('crash', 6)}${padLeft('hang', 7)}   SPOF (? assumed)`
}

interface RowContext {
  readonly proved: ComponentView
  readonly step: NextStep | undefined
  readonly byRisk: boolean
  readonly paint: Paint
}

function writeComponent(item: ComponentView, { proved, step, byRisk, paint }: RowContext): string[] {
  const claimedShare = byRisk ? (item.risk ?? 0) : item.blastRadius.down
  const provedShare = Math.max(claimedShare, byRisk ? (proved.risk ?? 0) : proved.blastRadius.down)
  const figure = byRisk ? writeRisk(item.risk, proved.risk) : padLeft(percent(item.blastRadius.down), 6)
  const isSpof = item.spofOf.length > 0
  const tone = !isSpof ? paint.dim : item.assumed ? paint.yellow : paint.red
  const columns = [
    `  ${pad(item.component.title, 27)} `,
    tone(drawBar(claimedShare, provedShare)),
    ` ${pad(figure, 10)}`,
    padLeft(percent(item.blastRadius.down), 6),
    padLeft(percent(item.hangRadius.down), 7),
    `   ${writeKinds(item)}`,
  ]
  const line = columns.join('')
  if (!isSpof || !step || step.kind === 'none') return [line]
  return [line, ...wrap(`→ ${step.text}`, WIDTH, '    ', '      ').map((text) => paint.dim(text))]
}

/** Ten cells: solid for what is claimed to be left, shaded for what would come back without the unproved mitigations. */
function drawBar(claimed: number, proved: number): string {
  const cells = (share: number) => (share > 0 ? Math.max(1, Math.round(Math.min(share, 1) * 10)) : 0)
  const solid = cells(claimed)
  return `[${'█'.repeat(solid)}${'▒'.repeat(Math.max(0, cells(proved) - solid))}${'░'.repeat(10 - Math.max(solid, cells(proved)))}]`
}

function writeRisk(claimed: number | undefined, proved: number | undefined): string {
  if (claimed === undefined) return '   –'
  if (proved !== undefined && Math.round(proved * 100) !== Math.round(claimed * 100))
    return `${Math.round(claimed * 100)}→${Math.round(proved * 100)} %`
  return padLeft(percent(claimed), 6)
}

function writeKinds({ spofKinds, assumedKinds, spofOf }: ComponentView): string {
  if (spofOf.length === 0) return 'no'
  return spofKinds.map((kind) => (assumedKinds.includes(kind) ? `${kind}?` : kind)).join(', ')
}
