import { formatDuration } from '../../source/index.ts'
import { cleanText } from '../run/clean-text.ts'
import type { RunEvent } from '../run/operator.ts'
import type { Paint } from './paint.ts'

/** Of an output, so many lines are shown; the transcript has all that was kept. */
const LINES_SHOWN = 25
const INDENT = '    '

/** Tells a run line by line: what to look at, the command, its output, the judgement, the branch taken. */
export function createNarrator(write: (text: string) => void, paint: Paint): (event: RunEvent) => void {
  let headings = ''
  const say = (line: string) => write(`${line}\n`)
  return (event) => {
    switch (event.kind) {
      case 'next': {
        const here = event.action.headings.map((heading) => cleanText(heading, 200)).join(' › ')
        if (here !== headings) say(`\n${paint.bold(here)}`)
        headings = here
        if (event.action.intro !== '') say(`\n${indent(cleanText(event.action.intro, 4_000), '  ')}`)
        return
      }
      case 'step':
        say(`\n  ${paint.cyan(roleOf(event))}`)
        if (event.shown !== '') say(indent(event.shown, `${INDENT}${event.block?.kind === 'bash' ? '$ ' : '  '}`))
        return
      case 'again':
        return say(`${INDENT}${paint.yellow('not yet')}: ${event.because} (${event.leftTries} more tries)`)
      case 'end': {
        const { output, state, because } = event.end
        if (output.trim() !== '') say(paint.dim(indent(shorten(output.trimEnd()), `${INDENT}│ `)))
        return say(`${INDENT}${marks(paint)[state]} ${because}${paint.dim(`  ${formatDuration(event.tookMs)}`)}`)
      }
      case 'branch':
        return say(
          event.taken
            ? `\n  ${paint.bold('→')} branch taken: ${cleanText(event.heading, 200)}`
            : `  ${paint.dim(`✗ not this: ${cleanText(event.heading, 200)}`)}`,
        )
      default:
        return say(`\n  ${cleanText(event.text, 2_000)}`)
    }
  }
}

const marks = (paint: Paint) => ({
  ok: paint.green('✓'),
  failed: paint.red('✗'),
  skipped: paint.yellow('skipped:'),
  left: paint.yellow('left:'),
})

function roleOf({ action, block }: RunEvent & { kind: 'step' }): string {
  const what = { step: '', branch: 'is it this? ', verify: 'verify ', undo: 'undo ' }[action.role]
  const danger = block?.isDangerous ? ', dangerous' : ''
  return `${what}${action.id} (${block?.kind ?? 'not here'}${danger})`
}

function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => `${by}${line}`.trimEnd())
    .join('\n')
}

function shorten(text: string): string {
  const lines = text.split('\n').map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line))
  if (lines.length <= LINES_SHOWN) return lines.join('\n')
  return [...lines.slice(0, LINES_SHOWN), `… ${lines.length - LINES_SHOWN} more lines in the transcript`].join('\n')
}
