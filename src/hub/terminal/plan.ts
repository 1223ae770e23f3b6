import type { Choice, Plan } from '../../assess/index.ts'
import type { SystemModel } from '../../model/index.ts'
import { sayDays } from '../days.ts'
import { heading, type Paint, pad, padLeft, WIDTH, wrap } from './paint.ts'

const BAR = 40

/** The report of `linchpin plan`: what to do within the effort, what each effort would buy, and the order of the roadmap. */
export function writePlan(plan: Plan, model: SystemModel, paint: Paint): string {
  const titleOf = createNamer(model)
  const sections = [
    writeChoice(plan, titleOf, paint),
    writeCurve(plan, paint),
    writeIdle(plan, titleOf, paint),
    writeReordered(plan, model, titleOf, paint),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

type TitleOf = (id: string) => string

function createNamer({ mitigations }: SystemModel): TitleOf {
  const titles = new Map(mitigations.map(({ id, title }) => [id, title]))
  return (id) => titles.get(id) ?? id
}

function writeChoice({ choice, steps, riskNow, budgetMs }: Plan, titleOf: TitleOf, paint: Paint): string[] {
  const budget = Number.isFinite(budgetMs) ? `within ${sayDays(budgetMs)}` : 'whatever the effort'
  const head = heading(`Least risk ${budget}`, paint)
  if (steps.length === 0) return [...head, ...wrap('No open mitigation that fits removes any.', WIDTH, '  ')]
  let before = riskNow
  const rows = steps.map(({ ids, effortMs, riskAfter }, i) => {
    const gain = before - riskAfter
    before = riskAfter
    const perDay = effortMs > 0 ? ` (${minutes(gain / (effortMs / 86_400_000))} a day of work)` : ''
    const titles = ids.map(titleOf).join(' + ')
    return `  ${padLeft(String(i + 1), 2)}. ${pad(titles, 48)} ${padLeft(sayDays(effortMs), 7)}   −${minutes(gain)} min${perDay}`
  })
  const sum = `${sayDays(choice.effortMs)} of work leave ${minutes(choice.risk)} of ${minutes(riskNow)} minutes down a year, over all flows by their share of business. ${sayBound(choice)}`
  return [...head, ...rows, ...wrap(sum, WIDTH, '  ')]
}

function sayBound({ isExact, riskAtLeast }: Choice): string {
  if (isExact) return 'No other set within the effort leaves less.'
  return `The best set found; no set within the effort leaves less than ${minutes(riskAtLeast)}.`
}

function writeCurve({ curve, riskNow }: Plan, paint: Paint): string[] {
  if (curve.length < 2) return []
  const rows = curve.map(({ effortMs, risk, isExact }) => {
    const cells = riskNow > 0 ? Math.round((risk / riskNow) * BAR) : 0
    return `  ${padLeft(sayDays(effortMs), 7)}  ${'█'.repeat(cells)}${'░'.repeat(BAR - cells)} ${padLeft(minutes(risk), 7)}${isExact ? '' : ' or less'}`
  })
  return [
    ...heading('Risk left against effort', paint),
    paint.dim(`   effort${' '.repeat(BAR)}minutes a year`),
    ...rows,
  ]
}

function writeIdle({ idle, unweighed }: Plan, titleOf: TitleOf, paint: Paint): string[] {
  const lines = [
    ...(idle.length > 0
      ? wrap(
          `They change nothing about the risk, as far as the model shows: ${idle.map(titleOf).join('; ')}.`,
          WIDTH,
          '  ',
        )
      : []),
    ...(unweighed.length > 0 ? wrap(`They state no effort: ${unweighed.map(titleOf).join('; ')}.`, WIDTH, '  ') : []),
  ]
  return lines.length === 0 ? [] : [...heading('Left out', paint), ...lines]
}

function writeReordered({ reordered }: Plan, { mitigations }: SystemModel, titleOf: TitleOf, paint: Paint): string[] {
  if (reordered.length === 0) return []
  const sprintOf = (id: string) => mitigations.find((item) => item.id === id)?.sprint ?? '–'
  const lines = reordered.map(
    ({ id, place, before }) =>
      `${titleOf(id)} (sprint ${sprintOf(id)}) comes ${place}. by risk for effort, before ${before.map((other) => `${titleOf(other)} (${sprintOf(other)})`).join(', ')}.`,
  )
  return [
    ...heading('Where the roadmap is ordered otherwise', paint),
    ...lines.flatMap((line) => wrap(line, WIDTH, '  ', '    ')),
  ]
}

function minutes(value: number): string {
  return value !== 0 && value < 10 ? value.toFixed(1) : String(Math.round(value))
}
