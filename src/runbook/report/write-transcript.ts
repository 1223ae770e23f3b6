import type { Entry } from '../run/journal.ts'
import type { RunResult } from '../run/result.ts'
import { describeEntry, describeRto, leftOver, stateOf, writeTime } from './describe.ts'
import { clockTime, fence, inline, moment } from './markdown.ts'

/** Everything that a run did, as a page: commands, outputs, judgements and times. */
export function writeTranscript(result: RunResult): string {
  const { run, runbook, environment, startedAt, endedAt, ending, because, branches, entries } = result
  const left = leftOver(result)
  return [
    '---',
    'type: transcript',
    `runbook: "[[${runbook}]]"`,
    `run: ${run}`,
    '---',
    `# Transcript of ${inline(runbook)}`,
    '',
    `- **Run**: ${run} on ${inline(environment)}`,
    `- **When**: ${moment(startedAt)} to ${moment(endedAt)} (${writeTime(endedAt - startedAt)})`,
    `- **End**: ${ending}, ${inline(because)}`,
    `- **RTO**: ${describeRto(result)}`,
    `- **Branches**: ${branches.length > 0 ? branches.map(inline).join('; ') : 'none'}`,
    ...(left.length > 0 ? ['', 'Left over:', '', ...left.map((line) => `- ${inline(line)}`)] : []),
    '',
    '| Step | Began | Took | End |',
    '|---|---|---|---|',
    ...result.steps.map(
      (step) =>
        `| ${step.role === 'step' ? '' : `${step.role} `}${step.id} | +${writeTime(step.beganMs)} | ${writeTime(step.tookMs)} | ${stateOf(step)} |`,
    ),
    '',
    ...entries.flatMap(writeEntry),
  ].join('\n')
}

/** The same for programs. */
export function writeTranscriptJson(result: RunResult): string {
  return `${JSON.stringify({ format: 1, ...result }, undefined, 2)}\n`
}

function writeEntry(entry: Entry): string[] {
  const time = clockTime(entry.at)
  if (entry.kind === 'begin') {
    const what = entry.role === 'step' ? entry.id : `${entry.role}: ${entry.id}`
    return [`## ${time} ${what}`, '', fence(entry.shown), '']
  }
  const line = describeEntry(entry)
  if (entry.kind !== 'end') return line === undefined ? [] : [`**${time}** ${inline(line)}`, '']
  return [
    ...(entry.output.trim() === '' ? [] : [fence(entry.output), '']),
    `**${time}** ${entry.state}: ${inline(entry.because)}`,
    '',
  ]
}
