import type { RunResult } from '../run/result.ts'
import { describeEntry, describeRto, leftOver } from './describe.ts'
import { clockTime, inline, moment } from './markdown.ts'

const OPEN = '_To be written._'

/** A draft: what is known stands there, what only people know is asked. */
export function writePostMortem(result: RunResult): string {
  const { run, runbook, title, severity, environment, startedAt, branches, entries } = result
  const left = leftOver(result)
  const timeline = entries.flatMap((entry) => {
    const line = describeEntry(entry)
    return line === undefined ? [] : [`| ${clockTime(entry.at)} | ${inline(line)} |`]
  })
  return [
    '---',
    'type: post-mortem',
    'status: draft',
    `runbook: "[[${runbook}]]"`,
    `run: ${run}`,
    '---',
    `# Post-mortem, draft: ${inline(title)}`,
    '',
    '| | |',
    '|---|---|',
    `| When | ${moment(startedAt)} |`,
    `| Where | ${inline(environment)} |`,
    `| Severity | ${severity ?? OPEN} |`,
    `| Recovery | ${describeRto(result)} |`,
    `| What it was | ${branches.length > 0 ? branches.map(inline).join('; ') : OPEN} |`,
    `| Authors, reviewers | ${OPEN} |`,
    '',
    ...section('Summary', 'What happened, to whom, for how long, in three sentences.'),
    ...section('Impact', 'Orders, users and money affected, counted; what was lost, which should be nothing.'),
    '## Timeline (UTC)',
    '',
    '| Time | What |',
    '|---|---|',
    `| | ${OPEN} Before the run: when it began, who noticed, which alert fired. |`,
    ...timeline,
    '',
    ...section('Why it happened', 'The chain of causes, with what made each possible; no names.'),
    ...section(
      'What went well, what did not, where we were lucky',
      'Also: which step of the runbook was slow, missing or wrong.',
    ),
    '## What is left',
    '',
    ...(left.length > 0 ? left.map((line) => `- [ ] ${inline(line)}`) : ['- [ ] Nothing is left of the run itself.']),
    '- [ ] Each action with one owner and a day.',
    '- [ ] The runbook is corrected where it was wrong.',
    '- [ ] A drill shows that it would go better now.',
    '',
  ].join('\n')
}

function section(heading: string, hint: string): string[] {
  return [`## ${heading}`, '', OPEN, '', `<!-- ${hint} -->`, '']
}
