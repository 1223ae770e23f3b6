import { applyMitigations, type SystemModel } from '../model/index.ts'
import { assessView, type ViewOptions } from './assess-view.ts'
import { type MetricRow, measureTargets } from './measure/metrics.ts'
import type { Measured } from './semantics/failover-time.ts'
import type { View } from './view.ts'

export interface AssessOptions {
  /** Ids of claims that evidence supports now; none before anything was drilled. */
  readonly supported?: ReadonlySet<string>
  readonly refuted?: ReadonlySet<string>
  /** What drills measured; counts in the proved view only. */
  readonly measured?: Measured
  readonly limits?: Partial<ViewOptions['limits']>
}

/**
 * The platform in four states: as it was; *claimed*: with the mitigations said to be in place; *proved*: with those of
 * them whose every claim is supported by evidence now; *target*: with all mitigations.
 */
export interface Assessment {
  readonly model: SystemModel
  readonly was: View
  readonly claimed: View
  readonly proved: View
  readonly target: View
  /** The key metrics of the model's targets, one row each. */
  readonly metrics: readonly MetricRow[]
  /** What rests on assumption. */
  readonly assumptions: Assumptions
}

export type ViewName = 'was' | 'claimed' | 'proved' | 'target'

export interface Assumptions {
  readonly dependencyCount: number
  /** Dependencies whose strength nobody stated, assessed as hard: those that most hangs on first. */
  readonly assumedHard: readonly string[]
}

const DEFAULT_LIMITS: ViewOptions['limits'] = {
  nodesMax: 2_000_000,
  cutSetsMax: 200_000,
  orderMax: 2,
  importanceMax: 500,
}
const NOTHING: ReadonlySet<string> = new Set()

/** Finds the single points of failure and everything measured of them. Pure: a function of its arguments. */
export function assess(model: SystemModel, options: AssessOptions = {}): Assessment {
  const { supported = NOTHING, refuted = NOTHING, measured = {} } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const views = new Map<string, View>()
  const viewWith = (mitigations: readonly string[], figures: Measured): View => {
    const key = JSON.stringify([mitigations, figures === measured])
    const known = views.get(key)
    if (known) return known
    const changed = applyMitigations(model, mitigations).model
    const view = assessView(changed, { mitigations, supported, refuted, measured: figures, limits })
    views.set(key, view)
    return view
  }
  const inPlace = model.mitigations.filter((mitigation) => mitigation.state === 'in-place')
  const unmeasured: Measured = measured.failoverMs || measured.lossMs ? {} : measured
  const was = viewWith([], unmeasured)
  const named = {
    was,
    claimed: viewWith(
      inPlace.map(({ id }) => id),
      unmeasured,
    ),
    proved: viewWith(listProved(model, supported), measured),
    target: viewWith(
      model.mitigations.map(({ id }) => id),
      unmeasured,
    ),
  }
  return { model, ...named, metrics: measureTargets(model, named), assumptions: stateAssumptions(model, named.claimed) }
}

/** Ids of the mitigations that count: in place, and every claim of theirs is supported. */
export function listProved(model: SystemModel, supported: ReadonlySet<string>): string[] {
  return model.mitigations
    .filter(({ state, claims }) => state === 'in-place' && claims.length > 0 && claims.every((id) => supported.has(id)))
    .map(({ id }) => id)
}

/** One state of the platform: as claimed, with these planned mitigations too. */
export function assessWith(model: SystemModel, planned: readonly string[], options: AssessOptions = {}): View {
  const inPlace = model.mitigations.filter(({ state, id }) => state === 'in-place' || planned.includes(id))
  return assessOnly(
    model,
    inPlace.map(({ id }) => id),
    options,
  )
}

/** One state of the platform: with these mitigations and no others. */
export function assessOnly(model: SystemModel, mitigations: readonly string[], options: AssessOptions = {}): View {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const { supported = NOTHING, refuted = NOTHING } = options
  return assessView(applyMitigations(model, mitigations).model, {
    mitigations,
    supported,
    refuted,
    measured: {},
    limits,
  })
}

/** An assumption weighs what the SPOFs that are only assumed would take down through it. */
function stateAssumptions(model: SystemModel, view: View): Assumptions {
  const dependencies = model.components.flatMap((component) => component.dependencies)
  const unknown = dependencies.filter(({ strength }) => strength === 'unknown')
  const weights = new Map(unknown.map(({ id }) => [id, 0]))
  for (const { flow, spofs } of view.flows)
    for (const { witness } of spofs.filter(({ assumed }) => assumed))
      for (const { id, caller, alternatives } of unknown)
        if (alternatives.some(({ target }) => isStep(witness, caller, target)))
          weights.set(id, (weights.get(id) ?? 0) + flow.share)
  const assumedHard = [...weights].sort(([, a], [, b]) => b - a).map(([id]) => id)
  return { dependencyCount: dependencies.length, assumedHard }
}

function isStep(witness: readonly string[], caller: string, target: string): boolean {
  const at = witness.indexOf(caller)
  return at >= 0 && witness[at + 1] === target
}
