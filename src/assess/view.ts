import type { Claim, Component, Flow } from '../model/index.ts'
import type { BasicEvent } from './semantics/basic-event.ts'

/**
 * Why a component is a single point of failure: `single` no spare instance; `shared-fate` one cause takes the spares
 * too; `hang` it stalls its callers; `slow-failover` the pause exceeds the objective; `data-loss` a failover may lose
 * more than allowed; `logic` a flow rests on one credential, configuration value or scheduled job.
 */
export type SpofKind = 'single' | 'shared-fate' | 'hang' | 'slow-failover' | 'data-loss' | 'logic'

/** One component that alone takes a flow down. */
export interface Spof {
  readonly component: string
  readonly kinds: readonly SpofKind[]
  /** Those of `kinds` that hold only because the model is silent and the pessimistic default was taken. */
  readonly assumedKinds: readonly SpofKind[]
  /** True when nothing but assumptions makes it a SPOF. */
  readonly assumed: boolean
  /** From the flow's entry to the component, along the dependencies that carry the failure. */
  readonly witness: readonly string[]
}

/** A set of events that takes the flow down, none of which can be left out. */
export interface CutSet {
  readonly order: number
  readonly probability: number
  readonly events: readonly BasicEvent[]
}

export interface FlowView {
  readonly flow: Flow
  /** Share of time the flow is down; a proved interval where the exact answer was too large, else both ends are equal. */
  readonly unavailability: { readonly lower: number; readonly upper: number }
  /** Upper end, in minutes. */
  readonly minutesDownPerYear: number
  /** What is left of it when every assumption is resolved well. */
  readonly minutesDownCertainPerYear: number
  readonly minutesDegradedPerYear: number
  /** Minutes a year that the availability objective leaves; undefined without an objective. */
  readonly errorBudgetMinutes: number | undefined
  /** By expected minutes down, most first. */
  readonly spofs: readonly Spof[]
  readonly cutSets: CutSets
}

/** The minimal cut sets of order 1 and 2, and deeper ones where asked for. */
export interface CutSets {
  readonly count: number
  /** Whether a limit was reached: there may be more. */
  readonly isTruncated: boolean
  /** By order, then most probable first. */
  list(limit?: number): CutSet[]
}

/** Shares of business volume, 0 to 1. `degraded` does not include `down`. */
export interface Radius {
  readonly down: number
  readonly degraded: number
}

export interface ComponentView {
  readonly component: Component
  /** The part of the overview it belongs to. */
  readonly group: 'infrastructure' | 'services' | 'external'
  /** When the whole component has crashed. */
  readonly blastRadius: Radius
  /** When the whole component hangs: it accepts and never answers. */
  readonly hangRadius: Radius
  readonly spofKinds: readonly SpofKind[]
  readonly assumedKinds: readonly SpofKind[]
  /** Flows it alone takes down, in any of the ways of `spofKinds`. */
  readonly spofOf: readonly string[]
  /** Flows that are down when the whole component has crashed, redundant or not. */
  readonly stops: readonly string[]
  /** True when it is a SPOF by assumption only. */
  readonly assumed: boolean
  /**
   * Expected minutes down from this component's order-1 events ÷ the flow's error budget, the largest over flows; over
   * 0.25 deserves attention (Google CRE risk analysis). Undefined where no affected flow has an availability objective.
   */
  readonly risk: number | undefined
  /** The same of degraded minutes; never added to `risk`. */
  readonly riskDegraded: number | undefined
  /** Expected minutes a year that its order-1 events take down the worst-hit flow. */
  readonly minutesDownPerYear: number
  readonly recovery: Recovery
  readonly loss: Loss
  /** Undefined on platforms larger than `importanceMax`. */
  readonly importance: Importance | undefined
}

/** Milliseconds; undefined where nothing is stated or measured. */
export interface Recovery {
  readonly objectiveMs: number | undefined
  /** The worst case from the configuration. */
  readonly boundMs: number
  readonly claimedMs: number | undefined
  readonly measuredMs: number | undefined
}

export interface Loss {
  readonly objectiveMs: number | undefined
  readonly boundMs: number | undefined
  readonly measuredMs: number | undefined
}

/** Over the business-weighted unavailability of all flows; docs/theory/importance.md. */
export interface Importance {
  readonly birnbaum: number
  readonly fussellVesely: number
  readonly raw: number
  /** Infinity when the component is the only cause. */
  readonly rrw: number
}

export interface ClaimView {
  readonly claim: Claim
  readonly verdict: 'supported' | 'refuted' | 'unknown'
}

/** How many of how many. */
export interface Coverage {
  readonly covered: readonly string[]
  readonly uncovered: readonly string[]
}

/** The platform under one set of mitigations. What costs time (probabilities, cut sets, importance) is computed when read. */
export interface View {
  readonly mitigations: readonly string[]
  readonly flows: readonly FlowView[]
  readonly components: readonly ComponentView[]
  readonly claims: readonly ClaimView[]
  readonly breakerCoverage: Coverage
  readonly findings: readonly Finding[]
}

/** Something a reader should act on. Codes are stable: docs/reference/findings.md. */
export interface Finding {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'note'
  /** The component, dependency or flow it is about: what a waiver names. */
  readonly at: string
  readonly message: string
}
