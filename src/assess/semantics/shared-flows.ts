import type { Component, Flow } from '../../model/index.ts'
import { type DependencyGraph, type Edge, serves, supportsOf } from '../graph/dependency-graph.ts'
import type { Guarding } from '../graph/guarding.ts'

/**
 * Most components fail alike for every flow through them. For those the answer is one flow that stands for all, so
 * that a platform with 20 flows does not need 20 copies of each gate; a component where flows differ keeps them apart.
 */
export function findSharedFlows(
  graph: DependencyGraph,
  guarding: Guarding,
): (component: Component, flow: Flow) => Flow {
  const flowsOf = new Map<string, Flow[]>()
  for (const [flow, reached] of graph.reachedBy)
    for (const id of reached) flowsOf.set(id, [...(flowsOf.get(id) ?? []), flow])
  const differing = new Set<string>()
  for (const edge of graph.edges) {
    const [first, ...others] = flowsOf.get(edge.caller.id) ?? []
    if (first && others.some((flow) => !isAlike(edge, flow, first, guarding))) differing.add(edge.caller.id)
  }
  spreadToDependents(graph, differing)
  return (component, flow) => (differing.has(component.id) ? flow : (flowsOf.get(component.id)?.[0] ?? flow))
}

function isAlike(edge: Edge, flow: Flow, other: Flow, guarding: Guarding): boolean {
  const bounded = guarding.boundedFor[edge.index]
  return serves(edge.dependency, flow) === serves(edge.dependency, other) && bounded?.has(flow) === bounded?.has(other)
}

/** What rests on a component where flows differ differs by flow too. */
function spreadToDependents(graph: DependencyGraph, differing: Set<string>): void {
  const dependents = new Map<string, string[]>()
  const note = (below: string, above: string) => {
    const list = dependents.get(below)
    if (list) list.push(above)
    else dependents.set(below, [above])
  }
  for (const component of graph.model.components) {
    for (const support of supportsOf(component)) note(support, component.id)
    for (const dependency of component.dependencies) {
      for (const { target } of dependency.alternatives) note(target, component.id)
      for (const fallback of dependency.fallbacks) for (const need of fallback.needs) note(need, component.id)
    }
  }
  for (const id of differing) for (const dependent of dependents.get(id) ?? []) differing.add(dependent)
}
