import { claimOf, type Runbook } from '../format/runbook.ts'
import type { Entry, Journal, State } from './journal.ts'
import { finishOf, recoveryMs, startOf } from './progress.ts'

/** What a run came to. */
export interface RunResult {
  readonly run: string
  readonly runbook: string
  readonly title: string
  readonly claim: string
  readonly severity: string | undefined
  readonly environment: string
  readonly startedAt: number
  readonly endedAt: number
  /** `stopped`: it can be resumed. */
  readonly ending: 'finished' | 'aborted' | 'stopped'
  readonly because: string
  /** From the start to the first sight of recovery. */
  readonly rtoMs: number | undefined
  readonly targetMs: number | undefined
  /** Undefined when there is no target, or recovery was not seen; what was aborted was undone, and is not. */
  readonly isInTime: boolean | undefined
  readonly branches: readonly string[]
  readonly steps: readonly StepTime[]
  readonly entries: readonly Entry[]
}

export interface StepTime {
  readonly id: string
  readonly role: string
  readonly state: State
  readonly beganMs: number
  readonly tookMs: number
  readonly because: string
}

export function resultOf(runbook: Runbook, journal: Journal, nowMs: number): RunResult {
  const start = startOf(journal)
  const finish = finishOf(journal)
  const rtoMs = recoveryMs(journal)
  const { targetMs } = runbook
  const startedAt = start?.at ?? nowMs
  return {
    run: start?.run ?? '',
    runbook: runbook.name,
    title: runbook.title,
    claim: claimOf(runbook),
    severity: runbook.severity,
    environment: start?.environment ?? '',
    startedAt,
    endedAt: finish?.at ?? nowMs,
    ending: finish?.ending ?? 'stopped',
    because: finish?.because ?? 'stopped by the operator',
    rtoMs,
    targetMs,
    isInTime:
      rtoMs === undefined || targetMs === undefined ? undefined : rtoMs <= targetMs && finish?.ending !== 'aborted',
    branches: journal.entries.flatMap((entry) => (entry.kind === 'branch' && entry.taken ? entry.heading : [])),
    steps: timeSteps(journal.entries, startedAt),
    entries: journal.entries,
  }
}

/** Every end, with the time since its own begin; what never began took no time. */
function timeSteps(entries: readonly Entry[], startedAt: number): StepTime[] {
  return entries.flatMap((entry, i) => {
    if (entry.kind !== 'end') return []
    const { id, role, state, because, at } = entry
    const began = entries.slice(0, i).findLast((one) => one.kind === 'begin' && one.id === id && one.role === role)
    const beganAt = began?.at ?? at
    return [{ id, role, state, because, beganMs: beganAt - startedAt, tookMs: at - beganAt }]
  })
}
