import type { LabPlan } from '../format/plan.ts'
import type { InstanceState } from './instance-state.ts'

/** What a supervisor is asked, one at a time over its socket. */
export type Request =
  | { readonly do: 'up'; readonly plan: LabPlan }
  | { readonly do: 'down' }
  | { readonly do: 'status' }
  | {
      readonly do: 'break'
      readonly target: string
      readonly fault: string
      readonly settings: Readonly<Record<string, string>>
      readonly outside?: string | undefined
    }
  | { readonly do: 'mend'; readonly target?: string; readonly fault?: string }

/** A part changed its state while the lab goes up or down. */
export interface ProgressEvent {
  readonly name: string
  readonly state: InstanceState
  readonly ports: readonly number[]
}

export interface UpAnswer {
  readonly started: readonly string[]
  /** They ran before. */
  readonly kept: readonly string[]
  /** Parts that did not come up; what this call started was stopped again. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[]
  readonly isCancelled: boolean
}

export interface SupervisorStatus {
  readonly instances: readonly {
    readonly name: string
    readonly state: InstanceState
    readonly restarts: number
  }[]
  /** How often a fault of a link has met traffic. */
  readonly links: readonly { readonly name: string; readonly harmed: number }[]
}
