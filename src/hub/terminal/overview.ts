import {
  type Assessment,
  type ComponentView,
  type NextStep,
  suggestNextSteps,
  type ViewName,
} from '../../assess/index.ts'
import type { Proof } from '../../evidence/index.ts'
import { writeAssumptions } from './assumptions.ts'
import { writeFlows } from './flows.ts'
import { writeMetrics } from './metrics.ts'
import { heading, type Paint, pad, padLeft, percent, WIDTH, wrap } from './paint.ts'
import { writeProof } from './proof.ts'
import { sayProved, sayProveStep } from './proof-of-row.ts'

export interface OverviewOptions {
  /** Which state to print. */
  readonly as: ViewName
  /** Every component, not only the ones that a flow rests on. */
  readonly isComplete: boolean
  readonly proof: Proof
  readonly paint: Paint
}

const GROUPS: readonly [ComponentView['group'], string][] = [
  ['infrastructure', 'Infrastructure'],
  ['services', 'Services'],
  ['external', 'External dependencies'],
]

/** The report of `linchpin assess`: components by group, flows, key metrics, evidence, and what rests on assumption. */
export function writeOverview(assessment: Assessment, options: OverviewOptions): string {
  const { paint, as, proof } = options
  const { model } = assessment
  const sections = [
    writeTitle(assessment, as, paint),
    ...writeGroups(assessment, options),
    writeFlows(assessment, assessment[as], paint),
    writeMetrics(assessment.metrics, paint),
    writeProof(proof, { model, isComplete: options.isComplete, paint }),
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
  const provedOf = (item: ComponentView) => (options.as === 'claimed' ? (proved.get(item.component.id) ?? item) : item)
  const shownOf = (item: ComponentView) =>
    options.as === 'was' ? [] : sayProved(assessment.model, options.proof, item.component.id)
  const byRisk = [view, assessment.proved].some(({ components }) => components.some(({ risk = 0 }) => risk > 0))
  const row = (item: ComponentView) => {
    const { id } = item.component
    return writeComponent(item, {
      proved: provedOf(item),
      shown: shownOf(item),
      step: sayStep(assessment, options.proof, steps.get(id)),
      byRisk,
      paint: options.paint,
    })
  }
  return GROUPS.flatMap(([group, title]) => {
    const members = view.components.filter((item) => item.group === group).sort(byWeight(provedOf))
    if (members.length === 0) return []
    const shown = options.isComplete
      ? members
      : members.filter((item) => isWorthARow(item) || isWorthARow(provedOf(item)) || shownOf(item).length > 0)
    const hidden = members.length - shown.length
    const more =
      hidden > 0 ? [options.paint.dim(`  and ${hidden} more that no flow rests on alone (--all shows them)`)] : []
    return [[...heading(title, options.paint), options.paint.dim(header(byRisk)), ...shown.flatMap(row), ...more]]
  })
}

function sayStep({ model }: Assessment, proof: Proof, step: NextStep | undefined): string | undefined {
  if (!step || step.kind === 'none') return undefined
  return `→ ${step.kind === 'prove' ? sayProveStep(model, proof, step) : step.text}`
}

function isWorthARow(item: ComponentView): boolean {
  return item.spofOf.length > 0 || item.blastRadius.down > 0
}

/** SPOFs first, certain before assumed, then blast radius, then risk: as proved where that is worse. */
function byWeight(provedOf: (item: ComponentView) => ComponentView) {
  const rank = (item: ComponentView) => (item.spofOf.length === 0 ? 2 : item.assumed ? 1 : 0)
  const weigh = (item: ComponentView) => {
    const both = [item, provedOf(item)]
    const worst = (read: (view: ComponentView) => number) => Math.max(...both.map(read))
    return [
      -Math.min(...both.map(rank)),
      worst(({ blastRadius }) => blastRadius.down),
      worst(({ risk = 0 }) => risk),
      worst(({ hangRadius }) => hangRadius.down),
    ]
  }
  return (a: ComponentView, b: ComponentView): number => {
    const weights = weigh(b)
    return weigh(a).reduce((order, weight, i) => order || (weights[i] ?? 0) - weight, 0)
  }
}

function header(byRisk: boolean): string {
  const bar = byRisk ? 'risk, of error budget' : 'blast radius'
  return `  ${pad('', 28)}${pad(bar, 23)}${padLeft('crash', 6)}${padLeft('hang', 7)}   SPOF (? assumed)`
}

interface RowContext {
  readonly proved: ComponentView
  /** What drills have proved about it. */
  readonly shown: readonly string[]
  readonly step: string | undefined
  readonly byRisk: boolean
  readonly paint: Paint
}

function writeComponent(item: ComponentView, { proved, shown, step, byRisk, paint }: RowContext): string[] {
  const claimedShare = byRisk ? (item.risk ?? 0) : item.blastRadius.down
  const provedShare = Math.max(claimedShare, byRisk ? (proved.risk ?? 0) : proved.blastRadius.down)
  const figure = byRisk ? writeRisk(item.risk, proved.risk) : padLeft(percent(item.blastRadius.down), 6)
  const isSpof = item.spofOf.length > 0 || proved.spofOf.length > 0
  const tone = !isSpof ? paint.dim : item.assumed || item.spofOf.length === 0 ? paint.yellow : paint.red
  const columns = [
    `  ${pad(item.component.title, 27)} `,
    tone(drawBar(claimedShare, provedShare)),
    ` ${pad(figure, 10)}`,
    padLeft(percent(item.blastRadius.down), 6),
    padLeft(percent(item.hangRadius.down), 7),
    `   ${writeKinds(item, proved)}`,
  ]
  const notes = [...shown, ...(isSpof && step !== undefined ? [step] : [])]
  return [
    columns.join(''),
    ...notes.flatMap((note) => wrap(note, WIDTH, '    ', '      ')).map((text) => paint.dim(text)),
  ]
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

function writeKinds({ spofKinds, assumedKinds, spofOf }: ComponentView, proved: ComponentView): string {
  if (spofOf.length === 0) return proved.spofOf.length === 0 ? 'no' : 'no, if proved'
  return spofKinds.map((kind) => (assumedKinds.includes(kind) ? `${kind}?` : kind)).join(', ')
}
