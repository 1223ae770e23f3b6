import type { LabFile, LabPlan } from '../../lab/index.ts'
import type { Runbook } from '../../runbook/index.ts'
import type { PlainObject } from '../../source/index.ts'
import type { DrillInput, LandedInput } from './schema.ts'

/** A drill file that fits the schema, with the plain data it came from, for positions. */
export interface WrittenDrill {
  readonly input: DrillInput
  readonly value: PlainObject
  readonly file: string
  /** Its parameters, with what `--set` changed. */
  readonly parameters: Readonly<Record<string, string>>
}

/** One fault on its targets, checked against the lab. */
export interface PlannedStep {
  readonly fault: string
  /** Which `FaultKind` carries it out. */
  readonly kind: string
  /** Instances, links, or the machine: what is really hit. */
  readonly targets: readonly string[]
  /** Of the targets only those whose figures say this when the fault is due. */
  readonly where: Readonly<Record<string, string>> | undefined
  readonly settings: Readonly<Record<string, string>>
  readonly atMs: number
  readonly forMs: number
  readonly liveMs: number
  readonly landed: LandedInput | undefined
  /** It only sets the stage: the time that users waited counts from the first other step. */
  readonly isStage: boolean
}

/** A page that a drill goes through, with what it may do and is told. */
export interface PlannedRunbook {
  readonly page: Runbook
  /** SHA-256 of the text of the page. */
  readonly digest: string
  readonly environment: string
  readonly approved: readonly string[]
  readonly answers: Readonly<Record<string, string>>
}

/** A drill that may start, with every variable filled in. */
export interface DrillPlan {
  readonly input: DrillInput
  readonly file: string
  /** The folder of the drill file: where its commands run. */
  readonly folder: string
  readonly lab: LabPlan
  readonly labFile: LabFile
  readonly steps: readonly PlannedStep[]
  readonly claims: readonly string[]
  /** The page that is its recovery. */
  readonly runbook: PlannedRunbook | undefined
  readonly trials: number
  readonly timing: { readonly beforeMs: number; readonly afterMs: number; readonly steadyWithinMs: number }
  /** What this machine lacks for the faults; not empty: the result would be unknown. */
  readonly lacks: readonly string[]
}
