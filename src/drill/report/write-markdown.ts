import { formatDuration } from '../../source/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { DrillResult, TrialResult } from '../run/result.ts'
import { describeFigures, describeLoad, describeMethod, describeRecovery } from './describe.ts'

/** A run as a page for people who were not there; `timeline.svg` of each trial lies beside it. */
export function writeMarkdown(result: DrillResult, plan: DrillPlan): string {
  const { title, drill, environment, startedAt, tookMs, verdict, because, claims, trials, run } = result
  return [
    `# ${title}`,
    '',
    `**${verdict}** in ${environment}: ${because}`,
    '',
    `Drill \`${drill}\`, run \`${run}\`, begun ${startedAt}, ${formatDuration(Math.round(tookMs / 1_000) * 1_000)}.`,
    '',
    ...table(
      ['Claim', 'Verdict', 'Because'],
      claims.map((one) => [`\`${one.claim}\``, one.verdict, one.because]),
    ),
    '## What was broken',
    '',
    ...describeMethod(plan).map((line) => `- ${line}`),
    '',
    ...describeFigures(trials).map((line) => `- ${line}`),
    ...trials.flatMap(writeTrial),
    '',
  ].join('\n')
}

function writeTrial(trial: TrialResult): string[] {
  const { n, startedAt, expectations, events, left, verified, steadyAfterMs, unsteady, undeclared, faultMs } = trial
  const marks = { true: 'holds', false: 'does not hold', undefined: 'could not tell' }
  return [
    '',
    `## Trial ${n}`,
    '',
    `Begun ${startedAt}.`,
    '',
    `![timeline](trial-${n}/timeline.svg)`,
    '',
    ...table(
      ['Load', 'While broken', 'Once mended', 'Waited'],
      Object.keys(trial.broken).map((load) => [
        load,
        describeLoad(trial.broken[load]),
        describeLoad(trial.mended[load]),
        describeRecovery(trial.recoveries[load]),
      ]),
    ),
    ...table(
      ['Expected', 'Found', ''],
      expectations.map(({ text, found, holds }) => [text, found, marks[String(holds) as keyof typeof marks]]),
    ),
    ...undeclared.map(({ message }) => `**undeclared-dependency**: ${message}\n`),
    ...table(
      ['After the fault', 'What happened'],
      events.map(({ atMs, text }) => [`${((atMs - (faultMs ?? 0)) / 1_000).toFixed(1)} s`, text]),
    ),
    left.length === 0 ? 'Nothing was left behind.' : `**Left behind:** ${left.join('; ')}`,
    steadyAfterMs === undefined
      ? `Steady state did not come back: ${unsteady.join('; ')}.`
      : `Steady state was back ${formatDuration(steadyAfterMs)} after the undo.`,
    `The lab's own check: ${verified.state}${verified.output ? ` (${verified.output.split('\n').at(-1)})` : ''}.`,
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '']
}
