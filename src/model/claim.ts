import type { Component, Dependency, SystemModel } from './system-model.ts'

/** Something the model says about the platform that a drill can support or refute, such as `failover:postgresql`. */
export interface Claim {
  readonly id: string
  /** Ids of the component or dependency the claim rests on: evidence expires when these change. */
  readonly about: readonly string[]
}

/** Every claim the model implies, in the order of the model. */
export function stateClaims(model: SystemModel): Claim[] {
  return model.components.flatMap((component) => [
    ...claimsOfComponent(component),
    ...component.dependencies.flatMap(claimsOfDependency),
  ])
}

function claimsOfComponent(component: Component): Claim[] {
  const { id, failover } = component
  const claims: string[] = []
  if (failover) {
    if (failover.mode !== 'none') claims.push(`failover:${id}`)
    if (failover.losesMs !== undefined) claims.push(`rpo:${id}`)
  } else if (component.instances > component.needs) {
    claims.push(`redundancy:${id}:${component.needs}-of-${component.instances}`)
  }
  if (component.rollout && component.rollout !== 'all-at-once') claims.push(`rollout:${id}`)
  if (component.kind === 'database') claims.push(`restore:${id}`)
  const runbook = /^\[\[([^\]|#]+)/.exec(component.runbook ?? '')?.[1] ?? component.runbook
  if (runbook) claims.push(`runbook:${runbook.split('/').at(-1)}`)
  return claims.map((claim) => ({ id: claim, about: [id] }))
}

function claimsOfDependency(dependency: Dependency): Claim[] {
  const { id, caller, alternatives } = dependency
  const claims = alternatives.filter(({ guard }) => guard).map(({ target }) => `guard:${caller}>${target}`)
  if (dependency.isAnyOf && alternatives.length > 1) claims.push(`any-of:${id}`)
  if (dependency.fallbacks.length > 0) claims.push(`fallback:${id}`)
  if (dependency.strength === 'soft' || dependency.strength === 'async') claims.push(`${dependency.strength}:${id}`)
  return claims.map((claim) => ({ id: claim, about: [id] }))
}
