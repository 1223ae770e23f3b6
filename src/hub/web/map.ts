import type { Assessment, Failing } from '../../assess/index.ts'
import type { Dependency } from '../../model/index.ts'
import type { Fallen, HubMap, MapEdge } from '../contract/map.ts'

/** The platform as claimed; the supported claims decide what is drawn as proved. */
export function describeMap({ model, claimed, proved }: Assessment, isSupported: (claim: string) => boolean): HubMap {
  const provedById = new Map(proved.components.map((view) => [view.component.id, view]))
  const components = claimed.components.map(({ component }) => component)
  const edges = components.flatMap(({ dependencies }) =>
    dependencies.flatMap((dependency) => describeEdges(dependency, isSupported)),
  )
  const reached = new Map(model.flows.map((flow) => [flow.id, reach(flow.entry, edges)]))
  const nodes = claimed.components.map((view) => {
    const { id, title, kind, tier, instances } = view.component
    const shown = provedById.get(id) ?? view
    return {
      id,
      title,
      kind,
      group: view.group,
      tier,
      instances,
      isSpof: { claimed: view.spofOf.length > 0, proved: shown.spofOf.length > 0 },
      down: { claimed: view.blastRadius.down, proved: shown.blastRadius.down },
      flows: model.flows.filter((flow) => reached.get(flow.id)?.has(id)).map((flow) => flow.id),
    }
  })
  return { nodes, edges, flows: model.flows.map(({ id, title, share, entry }) => ({ id, title, share, entry })) }
}

export function describeFallen(
  { model }: Assessment,
  failing: readonly Failing[],
  fallen: { readonly down: readonly string[]; readonly degraded: readonly string[] },
): Fallen {
  const shareOf = (ids: readonly string[]) =>
    model.flows.filter(({ id }) => ids.includes(id)).reduce((sum, { share }) => sum + share, 0)
  return { failing, ...fallen, downShare: shareOf(fallen.down), degradedShare: shareOf(fallen.degraded) }
}

function describeEdges(dependency: Dependency, isSupported: (claim: string) => boolean): MapEdge[] {
  const { id, caller, strength, isAnyOf, fallbacks, alternatives } = dependency
  return alternatives.map(({ target, guard }) => ({
    id: isAnyOf ? `${id}/${target}` : id,
    from: caller,
    to: target,
    strength,
    isAnyOf,
    fallback: fallbacks.map(({ name }) => name).join(', ') || undefined,
    guard: guard ? sayPolicies(guard) : [],
    isProved: isSupported(`guard:${caller}>${target}`),
  }))
}

function sayPolicies(guard: NonNullable<Dependency['alternatives'][number]['guard']>): string[] {
  const { deadlineMs, hasBreaker, concurrentMax, attempts } = guard
  return [
    ...(deadlineMs === undefined ? [] : [`deadline ${deadlineMs / 1000} s`]),
    ...(hasBreaker ? ['breaker'] : []),
    ...(concurrentMax === undefined ? [] : [`bulkhead ${concurrentMax}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ]
}

function reach(entry: string, edges: readonly MapEdge[]): Set<string> {
  const found = new Set([entry])
  for (const id of found) for (const edge of edges) if (edge.from === id) found.add(edge.to)
  return found
}
