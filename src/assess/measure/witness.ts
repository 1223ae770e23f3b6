import type { Flow } from '../../model/index.ts'
import { type DependencyGraph, type Edge, serves, supportsOf } from '../graph/dependency-graph.ts'
import type { Guarding } from '../graph/guarding.ts'
import type { Mode } from '../semantics/basic-event.ts'

/** For each component, the one above it on the way down from the flow's entry. */
export type WitnessTree = ReadonlyMap<string, string | undefined>

/**
 * The shortest ways down from a flow's entry that carry a failure up. Components that no single chain carries (both
 * alternatives of a group rest on them, say) hang below the ordinary dependencies.
 */
export function growWitnessTree(graph: DependencyGraph, guarding: Guarding, flow: Flow, mode: Mode): WitnessTree {
  const above = new Map<string, string | undefined>([[flow.entry, undefined]])
  const visit = (carriesOnly: boolean) => {
    for (const id of above.keys())
      for (const below of stepsFrom(graph, guarding, { id, flow, mode, carriesOnly }))
        if (!above.has(below)) above.set(below, id)
  }
  visit(true)
  visit(false)
  return above
}

/** From the flow's entry to the component; empty when the flow does not reach it. */
export function readWitness(tree: WitnessTree, component: string): string[] {
  if (!tree.has(component)) return []
  const path: string[] = []
  for (let id: string | undefined = component; id !== undefined; id = tree.get(id)) path.unshift(id)
  return path
}

interface Step {
  readonly id: string
  readonly flow: Flow
  readonly mode: Mode
  readonly carriesOnly: boolean
}

function stepsFrom(graph: DependencyGraph, guarding: Guarding, { id, flow, mode, carriesOnly }: Step): string[] {
  const component = graph.components.get(id)
  if (!component) return []
  const edges = graph.edgesFrom.get(id) ?? []
  const below = edges
    .filter((edge) => !carriesOnly || carries(edge, guarding, flow, mode))
    .map((edge) => edge.target.id)
  const needs = carriesOnly
    ? []
    : component.dependencies.flatMap((dependency) => dependency.fallbacks.flatMap((fallback) => fallback.needs))
  return [...below, ...supportsOf(component), ...needs]
}

/** Whether the target's failure alone becomes the caller's. */
function carries({ dependency, index }: Edge, guarding: Guarding, flow: Flow, mode: Mode): boolean {
  const isHard = dependency.strength === 'hard' || dependency.strength === 'unknown'
  const carriesCrash = isHard && !dependency.isAnyOf && dependency.fallbacks.length === 0 && serves(dependency, flow)
  if (mode === 'crash' || dependency.strength === 'async') return carriesCrash
  if (guarding.isolation[index] !== 'isolated') return true
  return carriesCrash || (serves(dependency, flow) && guarding.boundedFor[index]?.has(flow) === false)
}
