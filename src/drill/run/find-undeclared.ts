import { failTogether } from '../../assess/index.ts'
import type { SystemModel } from '../../model/index.ts'
import { faultOf } from '../fault/list.ts'
import type { DrillPlan } from '../format/plan.ts'
import { samplesIn, writeShare } from './judge-expectation.ts'
import type { Observation, UndeclaredDependency } from './result.ts'

/** A flow fell when this share of its requests, above that before the fault, was not answered well. */
const FELL_SHARE = 0.05

/**
 * Flows that users saw fall while something was broken which, says the model, they do not need: its failure in
 * that mode neither takes them down nor degrades them. That is worth more than a breach of an expectation: the model is wrong.
 */
export function findUndeclared(plan: DrillPlan, observation: Observation, model: SystemModel): UndeclaredDependency[] {
  const components = findComponents(plan, model)
  if (components.length === 0 || observation.landings.some(({ isSeen }) => !isSeen)) return []
  const modes = new Set(plan.steps.filter(({ isStage }) => !isStage).flatMap(({ kind }) => faultOf(kind).modes))
  const hit = [...modes].flatMap((mode) => {
    const { down, degraded } = failTogether(
      model,
      components.map((component) => ({ component, mode })),
    )
    return [...down, ...degraded]
  })
  return Object.entries(plan.input.load ?? {}).flatMap(([load, { flow }]) => {
    if (flow === undefined || hit.includes(flow) || !model.flows.some(({ id }) => id === flow)) return []
    const badBefore = shareBad(
      observation.samples.filter((one) => one.load === load && one.atMs + one.tookMs < (observation.faultMs ?? 0)),
    )
    const bad = shareBad(samplesIn(observation, { load }))
    if (bad === undefined || badBefore === undefined || bad - badBefore <= FELL_SHARE) return []
    const component = components.join(', ')
    const message = `${writeShare(bad)} of ${flow} failed or was degraded while ${component} was broken, which the model says ${flow} does not need.`
    return [{ flow, component, message }]
  })
}

/** What the model calls the targets: by the drill's own table, else by the name of the part. */
function findComponents({ steps, lab, input }: DrillPlan, model: SystemModel): string[] {
  const parts = steps
    .filter(({ isStage }) => !isStage)
    .flatMap(({ targets }) => targets)
    .map((target) => {
      const link = lab.links.find(({ name }) => name === target)
      return link?.target ?? lab.instances.find(({ name }) => name === target)?.part ?? target
    })
  const known = new Set(model.components.map(({ id }) => id))
  const names = [...new Set(parts.map((part) => input.parts?.[part] ?? part))]
  // A target that the model does not know may affect anything.
  return names.every((name) => known.has(name)) ? names : []
}

function shareBad(samples: Observation['samples']): number | undefined {
  if (samples.length === 0) return undefined
  return samples.filter(({ outcome }) => outcome !== 'ok').length / samples.length
}
