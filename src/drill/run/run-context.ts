import type { Scene } from '../fault/fault.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { Sample } from '../load/sample.ts'
import type { DrillFolder } from '../safety/drill-folder.ts'
import type { Look, TrialEvent } from './result.ts'

/** Who watches a run while it goes on. */
export interface Observer {
  readonly onStep: (text: string) => void
  readonly onEvent: (event: TrialEvent) => void
  readonly onSample: (sample: Sample) => void
  readonly onLook: (probe: string, look: Look) => void
}

/** What every step of a run needs. */
export interface RunContext {
  readonly plan: DrillPlan
  readonly run: string
  readonly scene: Scene
  readonly folder: DrillFolder
  /** Of this run: report, requests, acknowledged ids. */
  readonly runFolder: string
  readonly observer: Observer
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}
