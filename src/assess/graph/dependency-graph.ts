import type { Alternative, Component, Dependency, Flow, SystemModel } from '../../model/index.ts'

/** One arrow of the graph: a caller that needs a target, as one alternative of a dependency. */
export interface Edge {
  readonly index: number
  readonly caller: Component
  readonly target: Component
  readonly dependency: Dependency
  readonly alternative: Alternative
}

/** The model as a graph. Components and flows keep the order of the model; edges are grouped by caller. */
export interface DependencyGraph {
  readonly model: SystemModel
  readonly components: ReadonlyMap<string, Component>
  readonly edges: readonly Edge[]
  readonly edgesFrom: ReadonlyMap<string, readonly Edge[]>
  /** Components that a flow reaches through any dependency, fallback need, host or quorum. */
  readonly reachedBy: ReadonlyMap<Flow, ReadonlySet<string>>
}

export function buildDependencyGraph(model: SystemModel): DependencyGraph {
  const components = new Map(model.components.map((component) => [component.id, component]))
  const edges: Edge[] = []
  const edgesFrom = new Map<string, Edge[]>()
  for (const caller of model.components) {
    const own: Edge[] = []
    for (const dependency of caller.dependencies)
      for (const alternative of dependency.alternatives) {
        const target = components.get(alternative.target)
        if (target) own.push({ index: edges.length + own.length, caller, target, dependency, alternative })
      }
    edges.push(...own)
    edgesFrom.set(caller.id, own)
  }
  const reachedBy = new Map(model.flows.map((flow) => [flow, reach(flow, components)]))
  return { model, components, edges, edgesFrom, reachedBy }
}

/** Whether the dependency serves this flow. */
export function serves(dependency: Dependency, flow: Flow): boolean {
  return dependency.flows === undefined || dependency.flows.includes(flow.id)
}

/** What a component rests on besides its dependencies. */
export function supportsOf(component: Component): string[] {
  const quorum = component.failover?.quorum
  return quorum === undefined ? [...component.runsOn] : [...component.runsOn, quorum]
}

function reach(flow: Flow, components: ReadonlyMap<string, Component>): Set<string> {
  const reached = new Set([flow.entry])
  for (const id of reached) {
    const component = components.get(id)
    if (!component) continue
    for (const support of supportsOf(component)) reached.add(support)
    for (const dependency of component.dependencies) {
      if (!serves(dependency, flow)) continue
      for (const { target } of dependency.alternatives) reached.add(target)
      for (const fallback of dependency.fallbacks) for (const need of fallback.needs) reached.add(need)
    }
  }
  return reached
}
