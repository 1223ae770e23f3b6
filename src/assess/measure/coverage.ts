import type { Dependency, Kind, SystemModel } from '../../model/index.ts'
import type { Coverage, View } from '../view.ts'

/**
 * What a circuit breaker is for: calls over the network that can be refused. A database's primary writes are not
 * (docs/decisions/003-semantics.md), and hosts, credentials and jobs are not called.
 */
const GUARDABLE: ReadonlySet<Kind> = new Set(['gateway', 'service', 'cache', 'queue', 'external'])

/** Breaker coverage: of the critical dependencies (hard, caller P0 or P1, remote target) those with a breaker. */
export function coverWithBreakers(model: SystemModel): Coverage {
  const kindOf = new Map(model.components.map((component) => [component.id, component.kind]))
  const covered: string[] = []
  const uncovered: string[] = []
  for (const component of model.components) {
    if (component.tier !== 'P0' && component.tier !== 'P1') continue
    for (const dependency of component.dependencies) {
      if (!isHard(dependency)) continue
      for (const { target, guard } of dependency.alternatives) {
        const kind = kindOf.get(target)
        if (kind === undefined || !GUARDABLE.has(kind)) continue
        const list = guard?.hasBreaker ? covered : uncovered
        list.push(`${component.id}>${target}`)
      }
    }
  }
  return { covered, uncovered }
}

function isHard(dependency: Dependency): boolean {
  return dependency.strength === 'hard' || dependency.strength === 'unknown'
}

/**
 * Fallback coverage: of the SPOFs of the platform as it was, those whose crash no longer stops any flow that they alone
 * could take down.
 */
export function coverWithFallbacks(was: View, now: View): Coverage {
  const stopsNow = new Map(now.components.map(({ component, stops }) => [component.id, new Set(stops)]))
  const covered: string[] = []
  const uncovered: string[] = []
  for (const { component, spofOf } of was.components) {
    if (spofOf.length === 0) continue
    const stops = stopsNow.get(component.id)
    const list = spofOf.some((flow) => stops?.has(flow)) ? uncovered : covered
    list.push(component.id)
  }
  return { covered, uncovered }
}

/** 0 to 1; undefined of nothing. */
export function shareOf({ covered, uncovered }: Coverage): number | undefined {
  const all = covered.length + uncovered.length
  return all === 0 ? undefined : covered.length / all
}
