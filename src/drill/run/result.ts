import type { RunResult } from '../../runbook/index.ts'
import type { Recovery } from '../load/recovery-time.ts'
import type { Sample } from '../load/sample.ts'
import type { LoadSummary } from '../load/summarise.ts'

/** Something that happened in a trial, in milliseconds since it began. */
export interface TrialEvent {
  readonly atMs: number
  readonly kind: 'fault' | 'landed' | 'undone' | 'step' | 'trouble'
  readonly text: string
}

/** One look of a probe: its value, or why there is none. */
export interface Look {
  readonly atMs: number
  readonly value: number | string | undefined
  readonly reason: string | undefined
}

/** What became of one fault on one target. */
export interface Landing {
  readonly fault: string
  readonly target: string
  readonly isSeen: boolean
  readonly how: string
}

/** What was measured in one trial, before anybody judges it. */
export interface Observation {
  readonly events: readonly TrialEvent[]
  /** In the order in which they were due. */
  readonly samples: readonly Sample[]
  readonly looks: Readonly<Record<string, readonly Look[]>>
  readonly landings: readonly Landing[]
  /** Writes that the platform acknowledged to the load. */
  readonly acknowledged: number
  /** From the beginning of the first fault to the end of the last undo; undefined when none was applied. */
  readonly faultMs: number | undefined
  readonly mendedMs: number | undefined
  readonly endMs: number
  /** Why it was ended early. */
  readonly aborted: string | undefined
  /** Faults that could not be undone, or of which something is left. */
  readonly left: readonly string[]
  /** How long after the undo steady state was back; undefined: not in time. */
  readonly steadyAfterMs: number | undefined
  /** What was not steady at last. */
  readonly unsteady: readonly string[]
  readonly verified: Verified
  /** What came of the page that is the recovery. */
  readonly runbook: FollowedRunbook | undefined
}

export interface FollowedRunbook {
  readonly result: RunResult
  /** Since the trial began. */
  readonly startedMs: number
}

/** What the lab's own check found afterwards. */
export interface Verified {
  readonly state: 'fine' | 'violated' | 'could not tell' | 'not declared'
  readonly output: string
}

/** One expectation, held against what was measured. */
export interface JudgedExpectation {
  /** As a sentence: what was expected. */
  readonly text: string
  readonly claims: readonly string[]
  /** Undefined: it could not be told. */
  readonly holds: boolean | undefined
  readonly found: string
  /** Of an expectation that the model is right: the flow it is about. */
  readonly flow?: string
}

export type Verdict = 'supported' | 'refuted' | 'unknown'

export interface TrialResult extends Observation {
  readonly n: number
  readonly startedAt: string
  readonly expectations: readonly JudgedExpectation[]
  readonly recoveries: Readonly<Record<string, Recovery>>
  /** By load: while the faults held, and from the undo on. */
  readonly broken: Readonly<Record<string, LoadSummary | undefined>>
  readonly mended: Readonly<Record<string, LoadSummary | undefined>>
  /** Flows that fell although the model says that they do not need what was broken. */
  readonly undeclared: readonly UndeclaredDependency[]
  /** Steps on the way back, in milliseconds from the fault; those that were not seen are left out. */
  readonly milestones: Readonly<Record<string, number>>
  /** Figures for the record, by name. */
  readonly measured: Readonly<Record<string, number>>
  readonly claims: readonly ClaimVerdict[]
  /** The same rules over all expectations. */
  readonly overall: Omit<ClaimVerdict, 'claim'>
}

export interface UndeclaredDependency {
  readonly flow: string
  readonly component: string
  readonly message: string
}

export interface ClaimVerdict {
  readonly claim: string
  readonly verdict: Verdict
  readonly because: string
}

/** What a run found out. */
export interface DrillResult {
  readonly run: string
  readonly drill: string
  readonly title: string
  readonly environment: string
  readonly startedAt: string
  readonly endedAt: string
  readonly tookMs: number
  /** How finely an RTO can be told: the time between two requests of the load that measures it. */
  readonly resolutionMs: number | undefined
  readonly trials: readonly TrialResult[]
  readonly claims: readonly ClaimVerdict[]
  /** The worst of its trials. */
  readonly verdict: Verdict
  readonly because: string
  /** The folder with its report and everything that was measured. */
  readonly folder: string
}
