import { type ComponentRow, drawBar, listRows, type RowGroup, sharesOf } from '../overview-rows.ts'
import { pad, padLeft, percent } from '../terminal/paint.ts'
import type { RegionSources } from './sources.ts'
import { oneLine } from './text.ts'

const WIDTH = 104
const STEP_WIDTH = 42
/** More would bury the first ones. */
const ROWS_MAX = 12

/** The overview in one box: each group of components with its bars, what they are, and what comes next. */
export function writeDashboard({ assessment, proof }: RegionSources): string {
  const { groups, byRisk } = listRows(assessment, { as: 'claimed', isComplete: false, proof })
  const boxed = [
    centre('SPOF RISK OVERVIEW'),
    undefined,
    ...groups.flatMap((group) => writeGroup(group, byRisk)),
    '',
  ].map((line) => (line === undefined ? `├${'─'.repeat(WIDTH)}┤` : `│${pad(line, WIDTH)}│`))
  const drawing = [`┌${'─'.repeat(WIDTH)}┐`, ...boxed, `└${'─'.repeat(WIDTH)}┘`]
  return `\`\`\`text\n${drawing.join('\n')}\n\`\`\`\n\n${sayHowToRead(byRisk)}`
}

function writeGroup({ title, rows, hiddenCount }: RowGroup, byRisk: boolean): string[] {
  const shown = rows.slice(0, ROWS_MAX)
  const hidden = hiddenCount + rows.length - shown.length
  const more = hidden > 0 ? [`   and ${hidden} more: linchpin assess --all`] : []
  return [
    '',
    `   ${title.toUpperCase()}`,
    `   ${'═'.repeat(title.length)}`,
    ...shown.map((row) => writeRow(row, byRisk)),
    ...more,
  ]
}

function writeRow(row: ComponentRow, byRisk: boolean): string {
  const { item, proved, step } = row
  const shares = sharesOf(row, byRisk)
  const claimedText = percent(shares.claimed)
  const figure =
    percent(shares.proved) === claimedText ? claimedText : `${claimedText.replace(' %', '')}→${percent(shares.proved)}`
  const columns = [
    `   ${pad(oneLine(item.component.title), 26)} `,
    byRisk && item.risk === undefined && proved.risk === undefined ? pad('', 12) : drawBar(shares),
    ` ${padLeft(figure, 8)}`,
    `  ${pad(sayState(row), 8)} `,
    shorten(step ?? row.shown.join(', ').replaceAll('✓ ', '')),
  ]
  return columns.join('')
}

/** One word: what it is, and how sure that is. */
function sayState({ item, proved, shown }: ComponentRow): string {
  if (item.spofOf.length > 0) return item.assumed ? 'assumed' : 'SPOF'
  if (proved.spofOf.length > 0) return 'unproved'
  return shown.length > 0 ? 'proved' : 'no SPOF'
}

function shorten(text: string): string {
  const short = oneLine(text.replace(/ \([a-z-]+:[^ ]* is .*$/, ''))
  return pad(short, STEP_WIDTH).trimEnd()
}

function centre(text: string): string {
  return `${' '.repeat(Math.floor((WIDTH - text.length) / 2))}${text}`
}

function sayHowToRead(byRisk: boolean): string {
  const bar = byRisk
    ? 'A bar is the share of a flow’s error budget that the component alone uses up in a year, ten cells being all of it'
    : 'A bar is the share of business that is down when the component has crashed'
  return [
    `${bar}: █ with the mitigations that are in place, ▒ what comes back as long as drills have not proved them.`,
    '*SPOF* takes a flow down alone; *assumed* does so as far as the model is silent; *unproved* would, without the',
    'mitigations that nobody has proved; *proved* is kept from it by mitigations that a drill has shown to work.',
  ].join('\n')
}
