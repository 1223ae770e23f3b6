import type { Assessment, FlowView, View } from '../../assess/index.ts'
import { heading, type Paint, pad, padLeft, percent, WIDTH, wrap } from './paint.ts'

/** Each flow: how long it is expected to be down against what its objective allows, and what it rests on alone. */
export function writeFlows({ model }: Assessment, view: View, paint: Paint): string[] {
  if (view.flows.length === 0) return [...heading('Flows', paint), '  The model names no flow. Add one under flows.']
  const titles = new Map(model.components.map((component) => [component.id, component.title]))
  const nameOf = (id: string) => titles.get(id) ?? id
  return [
    ...heading('Flows', paint),
    paint.dim(
      `  ${pad('', 32)}${padLeft('share', 7)}${padLeft('down min/year', 16)}${padLeft('certain', 9)}${padLeft('budget', 9)}${padLeft('degraded', 10)}`,
    ),
    ...view.flows.flatMap((flow) => writeFlow(flow, nameOf, paint)),
  ]
}

function writeFlow(flow: FlowView, nameOf: (id: string) => string, paint: Paint): string[] {
  const { minutesDownPerYear: down, errorBudgetMinutes: budget } = flow
  const isOver = budget !== undefined && down > budget
  const columns = [
    `  ${pad(flow.flow.title, 31)} `,
    padLeft(percent(flow.flow.share), 7),
    (isOver ? paint.red : String)(padLeft(writeMinutes(flow), 16)),
    padLeft(String(Math.round(flow.minutesDownCertainPerYear)), 9),
    padLeft(budget === undefined ? '–' : String(Math.round(budget)), 9),
    padLeft(String(Math.round(flow.minutesDegradedPerYear)), 10),
    isOver ? '   over budget' : '',
  ]
  const certain = flow.spofs.filter((spof) => !spof.assumed).map((spof) => nameOf(spof.component))
  const assumed = flow.spofs.filter((spof) => spof.assumed).map((spof) => nameOf(spof.component))
  const rests =
    flow.spofs.length === 0
      ? 'rests on no single component'
      : [
          certain.length > 0 ? `rests alone on ${certain.join(', ')}` : '',
          assumed.length > 0 ? `by assumption on ${shorten(assumed)}` : '',
        ]
          .filter((part) => part !== '')
          .join('; ')
  return [columns.join('').trimEnd(), ...wrap(rests, WIDTH, '    ').map((line) => paint.dim(line))]
}

/** A proved interval is shown as one; an exact figure as one number. */
export function writeMinutes({ unavailability, minutesDownPerYear }: FlowView): string {
  const lower = (unavailability.lower / unavailability.upper) * minutesDownPerYear
  const from = Math.round(lower || 0)
  const to = Math.round(minutesDownPerYear)
  return from === to ? String(to) : `${from}-${to}`
}

function shorten(names: readonly string[]): string {
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}
