import type { FlowView } from '../../assess/index.ts'
import { writeMinutes } from '../terminal/flows.ts'
import { percent } from '../terminal/paint.ts'
import type { RegionSources } from './sources.ts'
import { list, plain, table } from './text.ts'

/** Each flow: how long it is expected to be down in a year against what its objective allows, and what it rests on. */
export function writeFlowTable({ assessment }: RegionSources): string {
  const { model, claimed, proved } = assessment
  const titles = new Map(model.components.map(({ id, title }) => [id, title]))
  const provedOf = new Map(proved.flows.map((view) => [view.flow.id, view]))
  const rows = claimed.flows.map((view) => [
    plain(view.flow.title),
    percent(view.flow.share),
    writeMinutes(view),
    writeMinutes(provedOf.get(view.flow.id) ?? view),
    String(Math.round(view.minutesDownCertainPerYear)),
    view.errorBudgetMinutes === undefined ? '–' : String(Math.round(view.errorBudgetMinutes)),
    String(Math.round(view.minutesDegradedPerYear)),
    sayRests(view, titles),
  ])
  const heads = [
    'Flow',
    'Share:',
    'Down, claimed:',
    'Down, proved:',
    'Of it certain:',
    'Budget:',
    'Degraded:',
    'Rests alone on',
  ]
  return `${table(heads, rows)}\n\nMinutes a year. *Certain* is what is left when every silence of the model is read well.`
}

function sayRests({ spofs }: FlowView, titles: ReadonlyMap<string, string>): string {
  const nameOf = (id: string) => plain(titles.get(id) ?? id)
  const certain = spofs.filter(({ assumed }) => !assumed).map(({ component }) => nameOf(component))
  const assumed = spofs.length - certain.length
  if (spofs.length === 0) return 'nothing'
  return [...(certain.length > 0 ? [list(certain)] : []), ...(assumed > 0 ? [`${assumed} by assumption`] : [])].join(
    '; ',
  )
}
