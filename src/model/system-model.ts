import type { Position } from '../source/index.ts'
import type { KINDS, TIERS } from './schema.ts'

export type Kind = (typeof KINDS)[number]
export type Tier = (typeof TIERS)[number]
export type Strength = 'hard' | 'soft' | 'async' | 'unknown'

/** A checked description of a platform: every name in it resolves. Times are milliseconds, rates calls a second. */
export interface SystemModel {
  readonly id: string
  readonly title: string
  readonly flows: readonly Flow[]
  readonly components: readonly Component[]
  readonly mitigations: readonly Mitigation[]
  readonly targets: readonly Target[]
  readonly waivers: readonly Waiver[]
  /** The merged text it was built from, before any mitigation: what `applyMitigations` starts from. */
  readonly document: SystemDocument
}

/** Plain data in the shape of `system/*.yaml`, not yet checked; it knows its positions. */
export type SystemDocument = Readonly<Record<string, unknown>>

/** What a user wants from start to end. Shares of business volume partition the flows and sum to 1. */
export interface Flow {
  readonly id: string
  readonly title: string
  readonly share: number
  readonly entry: string
  readonly objective: Objective & { readonly availability: number | undefined }
  readonly where: Position
}

export interface Objective {
  readonly rtoMs: number | undefined
  readonly rpoMs: number | undefined
}

export interface Component {
  readonly id: string
  readonly title: string
  readonly kind: Kind
  readonly tier: Tier | undefined
  readonly instances: number
  readonly needs: number
  readonly runsOn: readonly string[]
  /** Undefined: assumed all-at-once. */
  readonly rollout: 'rolling' | 'canary' | 'blue-green' | 'all-at-once' | undefined
  /** Calls it can hold at once; `private`: one pool for each dependency; undefined: shared, size unknown. */
  readonly pool: number | 'private' | undefined
  readonly objective: Objective
  readonly health: { readonly live: string | undefined; readonly ready: string | undefined }
  readonly runbook: string | undefined
  readonly failover: Failover | undefined
  readonly failures: Failures
  readonly dependencies: readonly Dependency[]
  readonly where: Position
}

export interface Failover {
  readonly mode: 'manual' | 'automatic' | 'none'
  readonly takesMs: number | undefined
  readonly losesMs: number | undefined
  readonly quorum: string | undefined
}

/** Each way to fail, per instance; undefined where this kind of component does not fail so. */
export interface Failures {
  readonly crash: FailureRate
  readonly hang: FailureRate | undefined
  readonly deployment: FailureRate | undefined
  readonly commonCauseBeta: number
}

export interface FailureRate {
  readonly perYear: number
  readonly repairMs: number
  /** Where the figure comes from; undefined: assumed. */
  readonly source: string | undefined
}

/** One caller's need of one thing: of a component, or of any of several. */
export interface Dependency {
  /** `caller>name`. */
  readonly id: string
  readonly caller: string
  readonly name: string
  readonly strength: Strength
  /** More than one only for `any-of`. */
  readonly alternatives: readonly Alternative[]
  readonly isAnyOf: boolean
  /** Undefined: every flow through the caller. */
  readonly flows: readonly string[] | undefined
  readonly ratePerSecond: number | undefined
  readonly fallbacks: readonly Fallback[]
  /** async only: how long work may wait; undefined: without end. */
  readonly lastsMs: number | undefined
  readonly evidence: readonly string[]
  readonly where: Position
}

export interface Alternative {
  readonly target: string
  readonly guard: Guard | undefined
}

export interface Guard {
  readonly deadlineMs: number | undefined
  readonly overallMs: number | undefined
  readonly hasBreaker: boolean
  readonly concurrentMax: number | undefined
  readonly attempts: number
  readonly backoffMs: number
  readonly isIdempotent: boolean
}

export interface Fallback {
  readonly name: string
  readonly needs: readonly string[]
  /** Undefined: without end. */
  readonly lastsMs: number | undefined
}

export interface Mitigation {
  readonly id: string
  readonly title: string
  readonly priority: Tier | undefined
  readonly sprint: string | undefined
  readonly effortMs: number | undefined
  readonly state: 'planned' | 'in-progress' | 'in-place'
  readonly claims: readonly string[]
  /** Ids of the components that it adds, or of which it changes more than their dependencies. */
  readonly touches: readonly string[]
  /** Ids of the components that a dependency it changes leads to. */
  readonly dependencyTargets: readonly string[]
  readonly where: Position
}

export type Metric =
  | { readonly kind: 'rto' | 'rpo'; readonly component: string }
  | { readonly kind: 'breaker-coverage' | 'fallback-coverage' }

export interface Target {
  readonly id: string
  readonly title: string
  readonly metric: Metric
  readonly was: string | undefined
  /** Milliseconds for times, a share from 0 to 1 for coverage. */
  readonly target: number
  readonly due: string | undefined
  readonly where: Position
}

export interface Waiver {
  readonly finding: string
  readonly at: string
  readonly reason: string
  readonly until: string
}
