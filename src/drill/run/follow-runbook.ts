import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import {
  claimOf,
  createRunner,
  createUnattended,
  openJournal,
  type RunEvent,
  runRunbook,
  systemClock,
  writeTranscript,
  writeTranscriptJson,
} from '../../runbook/index.ts'
import { formatDuration } from '../../source/index.ts'
import type { PlannedRunbook } from '../format/plan.ts'
import type { FollowedRunbook, JudgedExpectation, TrialEvent } from './result.ts'

/** A page without a target is given up after this. */
const WITHIN_MS = 600_000

export interface FollowOptions {
  /** Of this trial: where the journal and the transcript go. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly withinMs: number | undefined
  readonly now: () => number
  readonly note: (kind: TrialEvent['kind'], text: string) => void
}

/** Goes through a page without a person, as the recovery of a trial. */
export async function followRunbook(planned: PlannedRunbook, options: FollowOptions): Promise<FollowedRunbook> {
  const { page, digest, environment, approved, answers } = planned
  const { folder, signal, withinMs = Math.max(WITHIN_MS, 2 * (page.targetMs ?? 0)), now, note } = options
  mkdirSync(folder, { recursive: true })
  const startedMs = now()
  const journal = openJournal(join(folder, 'journal.jsonl'))
  try {
    const result = await runRunbook(page, {
      environment,
      journal,
      run: `drill-${page.name}`,
      digest,
      runner: createRunner(),
      operator: createUnattended({ runbook: page, approved, tell: (event) => tell(event, note) }),
      isUnattended: true,
      clock: systemClock,
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
      env: process.env,
      folder: resolve(dirname(page.file), page.folder),
      given: answers,
    })
    writeFileSync(join(folder, 'transcript.md'), writeTranscript(result))
    writeFileSync(join(folder, 'transcript.json'), writeTranscriptJson(result))
    return { result, startedMs }
  } finally {
    journal.close()
  }
}

/** What a trial expects of its page: that it ends, and that recovery is seen in time. */
export function judgeRunbook({ page }: PlannedRunbook, followed: FollowedRunbook | undefined): JudgedExpectation {
  const { targetMs } = page
  const within = targetMs === undefined ? '' : ` within ${formatDuration(targetMs)}`
  const text = `${page.name} is gone through, and recovery is seen${within}`
  const claims = [claimOf(page)]
  if (!followed) return { text, claims, holds: undefined, found: 'unknown: it was not begun' }
  const { ending, because, rtoMs, isInTime } = followed.result
  if (rtoMs === undefined)
    return { text, claims, holds: false, found: `${ending}, and recovery was not seen: ${because}` }
  const found = `${ending}; recovery after ${formatDuration(rtoMs)}`
  return { text, claims, holds: ending === 'finished' && isInTime !== false, found }
}

function tell(event: RunEvent, note: FollowOptions['note']): void {
  if (event.kind === 'branch' && event.taken) note('step', `branch taken: ${event.heading}`)
  if (event.kind === 'note') note('trouble', event.text)
  if (event.kind !== 'end' || event.action.role === 'branch') return
  const { role, id } = event.action
  const what = role === 'step' ? id : `${role} of ${id}`
  note(event.end.state === 'failed' ? 'trouble' : 'step', `${what}: ${event.end.because}`)
}
