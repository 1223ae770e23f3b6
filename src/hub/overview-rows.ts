import { type Assessment, type ComponentView, type NextStep, suggestNextSteps, type ViewName } from '../assess/index.ts'
import type { Proof } from '../evidence/index.ts'
import { sayProved, sayProveStep } from './terminal/proof-of-row.ts'

/** The overview before it is drawn: on a terminal and in a page it is the same. */
export interface OverviewRows {
  readonly groups: readonly RowGroup[]
  /** Whether bars show risk; else nobody stated what availability is wanted, and they show the blast radius. */
  readonly byRisk: boolean
}

export interface RowGroup {
  readonly title: string
  readonly rows: readonly ComponentRow[]
  /** How many components are left out because no flow rests on them alone. */
  readonly hiddenCount: number
}

export interface ComponentRow {
  readonly item: ComponentView
  /** The same with only what evidence supports. */
  readonly proved: ComponentView
  /** What drills have proved about it. */
  readonly shown: readonly string[]
  /** What to do next; undefined when nothing is. */
  readonly step: string | undefined
}

const GROUPS: readonly [ComponentView['group'], string][] = [
  ['infrastructure', 'Infrastructure'],
  ['services', 'Services'],
  ['external', 'External dependencies'],
]

export interface RowOptions {
  readonly as: ViewName
  /** Every component, not only the ones that a flow rests on. */
  readonly isComplete: boolean
  readonly proof: Proof
}

export function listRows(assessment: Assessment, { as, isComplete, proof }: RowOptions): OverviewRows {
  const view = assessment[as]
  const proved = new Map(assessment.proved.components.map((item) => [item.component.id, item]))
  const steps = suggestNextSteps(assessment, as)
  const provedOf = (item: ComponentView) => (as === 'claimed' ? (proved.get(item.component.id) ?? item) : item)
  const shownOf = (item: ComponentView) => (as === 'was' ? [] : sayProved(assessment.model, proof, item.component.id))
  const row = (item: ComponentView): ComponentRow => {
    const step = sayStep(assessment, proof, steps.get(item.component.id))
    return { item, proved: provedOf(item), shown: shownOf(item), step }
  }
  const isShown = ({ item, proved, shown }: ComponentRow) =>
    isComplete || isWorthARow(item) || isWorthARow(proved) || shown.length > 0
  const groups = GROUPS.flatMap(([group, title]) => {
    const members = view.components.filter((item) => item.group === group).sort(byWeight(provedOf))
    const rows = members.map(row).filter(isShown)
    return members.length === 0 ? [] : [{ title, rows, hiddenCount: members.length - rows.length }]
  })
  const byRisk = [view, assessment.proved].some(({ components }) => components.some(({ risk = 0 }) => risk > 0))
  return { groups, byRisk }
}

function sayStep({ model }: Assessment, proof: Proof, step: NextStep | undefined): string | undefined {
  if (!step || step.kind === 'none') return undefined
  return step.kind === 'prove' ? sayProveStep(model, proof, step) : step.text
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

/** What the bar of a row shows: as claimed, and as proved where that is more. */
export interface BarShares {
  readonly claimed: number
  readonly proved: number
}

export function sharesOf({ item, proved }: Pick<ComponentRow, 'item' | 'proved'>, byRisk: boolean): BarShares {
  const read = (view: ComponentView) => (byRisk ? (view.risk ?? 0) : view.blastRadius.down)
  return { claimed: read(item), proved: Math.max(read(item), read(proved)) }
}

/** Ten cells: solid for what is claimed to be left, shaded for what would come back without the unproved mitigations. */
export function drawBar({ claimed, proved }: BarShares): string {
  const cells = (share: number) => (share > 0 ? Math.max(1, Math.round(Math.min(share, 1) * 10)) : 0)
  const solid = cells(claimed)
  return `[${'█'.repeat(solid)}${'▒'.repeat(Math.max(0, cells(proved) - solid))}${'░'.repeat(10 - Math.max(solid, cells(proved)))}]`
}
