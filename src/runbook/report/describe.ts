import { formatDuration } from '../../source/index.ts'
import type { Entry } from '../run/journal.ts'
import type { RunResult, StepTime } from '../run/result.ts'

/** Seconds are fine enough for people. */
export function writeTime(ms: number): string {
  return formatDuration(ms < 10_000 ? Math.round(ms / 100) * 100 : Math.round(ms / 1_000) * 1_000)
}

/** What the run says about its target, in one sentence. */
export function describeRto({ rtoMs, targetMs, isInTime, ending }: RunResult): string {
  const target = targetMs === undefined ? 'there is no target' : `the target is ${writeTime(targetMs)}`
  if (rtoMs === undefined) return `recovery was not seen; ${target}`
  const verdict =
    isInTime === undefined ? '' : isInTime ? ', in time' : ending === 'aborted' ? ', but aborted' : ', too late'
  return `recovered after ${writeTime(rtoMs)}; ${target}${verdict}`
}

/** One event of a run as a sentence of a timeline; undefined for what is no event of its own. */
export function describeEntry(entry: Entry): string | undefined {
  switch (entry.kind) {
    case 'start':
      return `${entry.page} begins on ${entry.environment}${entry.isUnattended ? ', unattended' : ''}`
    case 'resume':
      return 'the run is resumed'
    case 'branch':
      return entry.taken ? `branch taken: ${entry.heading}` : undefined
    case 'approval':
      return `${entry.id} is ${entry.granted ? '' : 'not '}approved (approver: ${entry.approver})`
    case 'end': {
      if (entry.role === 'branch') return undefined
      const what = entry.role === 'step' ? entry.id : `${entry.role} of ${entry.id}`
      return `${what}: ${entry.state === 'ok' ? '' : `${entry.state}, `}${entry.because}${entry.isRecovery && entry.state === 'ok' ? ' (recovery)' : ''}`
    }
    case 'finish':
      return `${entry.ending}: ${entry.because}`
    default:
      return undefined
  }
}

/** What is left to do by people. */
export function leftOver({ steps }: RunResult): string[] {
  const last = new Map(steps.filter(({ role }) => role === 'step').map((step) => [step.id, step]))
  return [...last.values()]
    .filter(({ state }) => state !== 'ok')
    .map(({ id, state, because }) => `${id} (${state}): ${because}`)
}

/** A condition that does not hold is no failure. */
export function stateOf({ role, state }: StepTime): string {
  return role === 'branch' && state === 'failed' ? 'not this' : state
}
