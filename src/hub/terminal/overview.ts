import type { Assessment, ComponentView, ViewName } from '../../assess/index.ts'
import type { Proof } from '../../evidence/index.ts'
import { type ComponentRow, drawBar, listRows, sharesOf } from '../overview-rows.ts'
import { writeAssumptions } from './assumptions.ts'
import { writeFlows } from './flows.ts'
import { writeMetrics } from './metrics.ts'
import { heading, type Paint, pad, padLeft, percent, WIDTH, wrap } from './paint.ts'
import { writeProof } from './proof.ts'

export interface OverviewOptions {
  /** Which state to print. */
  readonly as: ViewName
  /** Every component, not only the ones that a flow rests on. */
  readonly isComplete: boolean
  readonly proof: Proof
  readonly paint: Paint
}

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
  const { groups, byRisk } = listRows(assessment, options)
  return groups.map(({ title, rows, hiddenCount }) => {
    const more =
      hiddenCount > 0
        ? [options.paint.dim(`  and ${hiddenCount} more that no flow rests on alone (--all shows them)`)]
        : []
    const lines = rows.flatMap((row) => writeComponent(row, byRisk, options.paint))
    return [...heading(title, options.paint), options.paint.dim(header(byRisk)), ...lines, ...more]
  })
}

function header(byRisk: boolean): string {
  const bar = byRisk ? 'risk, of error budget' : 'blast radius'
  return `  ${pad('', 28)}${pad(bar, 23)}${padLeft('crash', 6)}${padLeft('hang', 7)}   SPOF (? assumed)`
}

function writeComponent({ item, proved, shown, step }: ComponentRow, byRisk: boolean, paint: Paint): string[] {
  const shares = sharesOf({ item, proved }, byRisk)
  const figure = byRisk ? writeRisk(item.risk, proved.risk) : padLeft(percent(item.blastRadius.down), 6)
  const isSpof = item.spofOf.length > 0 || proved.spofOf.length > 0
  const tone = !isSpof ? paint.dim : item.assumed || item.spofOf.length === 0 ? paint.yellow : paint.red
  const columns = [
    `  ${pad(item.component.title, 27)} `,
    tone(drawBar(shares)),
    ` ${pad(figure, 10)}`,
    padLeft(percent(item.blastRadius.down), 6),
    padLeft(percent(item.hangRadius.down), 7),
    `   ${writeKinds(item, proved)}`,
  ]
  const notes = [...shown, ...(isSpof && step !== undefined ? [`→ ${step}`] : [])]
  return [
    columns.join(''),
    ...notes.flatMap((note) => wrap(note, WIDTH, '    ', '      ')).map((text) => paint.dim(text)),
  ]
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
