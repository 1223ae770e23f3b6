import { relative } from 'node:path'
import type { RunbookEntry } from '../../hub/index.ts'
import type { Runbook } from '../../runbook/index.ts'
import { formatProblem } from '../../source/index.ts'
import { findPages, nameOf } from '../find-runbooks.ts'
import { listOpenRuns, placesOf } from '../run-runbook.ts'

const STOPPED_MAX = 5

/** The runbooks of a vault, with what each asks and the runs of it that did not come to their end. */
export function listRunbooks(vault: string): RunbookEntry[] {
  return findPages(vault).map(({ source, runbook, problems }) => ({
    name: nameOf(source.file),
    title: runbook?.title ?? '',
    path: relative(vault, source.file),
    components: runbook?.components ?? [],
    severity: runbook?.severity,
    targetMs: runbook?.targetMs,
    problems: problems.map(formatProblem),
    prompts: (runbook?.prompts ?? []).filter(({ ask }) => ask !== ''),
    stopped: runbook ? listStopped(runbook) : [],
  }))
}

function listStopped(runbook: Runbook): RunbookEntry['stopped'] {
  const open = listOpenRuns(runbook.name, placesOf(runbook, {}).journals)
  return open
    .reverse()
    .slice(0, STOPPED_MAX)
    .map(({ run, start, steps }) => ({
      run,
      startedAt: new Date(start.at).toISOString(),
      environment: start.environment,
      steps,
    }))
}
