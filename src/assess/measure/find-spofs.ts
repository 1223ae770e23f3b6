import type { Component, Flow, Kind } from '../../model/index.ts'
import { lazy } from '../../source/index.ts'
import type { NodeId } from '../fault-tree/index.ts'
import type { DependencyGraph } from '../graph/dependency-graph.ts'
import type { Guarding } from '../graph/guarding.ts'
import { type BasicEvent, type Mode, probabilityOf } from '../semantics/basic-event.ts'
import type { Spof, SpofKind } from '../view.ts'
import { growWitnessTree, readWitness, type WitnessTree } from './witness.ts'

const LOGIC_KINDS: ReadonlySet<Kind> = new Set(['job', 'credential', 'config'])
const SHARED_KINDS: ReadonlySet<Kind> = new Set(['host', 'zone', 'network'])

export interface SpofQuestion {
  readonly graph: DependencyGraph
  readonly guarding: Guarding
  readonly flow: Flow
  /** The events that alone take the flow down. */
  readonly singles: readonly BasicEvent[]
  /** Those that do so even when every assumption is resolved well; asked for only when somebody reads `assumed`. */
  readonly findCertainSingles: () => readonly BasicEvent[]
  /** Components whose failover may lose more than the flow's objective allows. */
  readonly lossy: readonly Component[]
}

/** The single points of failure of a flow, by expected minutes down. */
export function findSpofs(question: SpofQuestion): Spof[] {
  const { graph, guarding, flow } = question
  const kinds = collectKinds(question.singles, flow)
  const certain = lazy(() => collectKinds(question.findCertainSingles(), flow))
  for (const component of question.lossy) addKind(kinds, component, 'data-loss')
  const treeOf = { crash: growLazily('crash'), hang: growLazily('hang') }
  const spofs = [...kinds].map(([component, found]): Spof => {
    const mode = found.size === 1 && found.has('hang') ? 'hang' : 'crash'
    return {
      component: component.id,
      kinds: [...found],
      get assumedKinds() {
        return [...found].filter((kind) => kind !== 'data-loss' && !certain().get(component)?.has(kind))
      },
      get assumed() {
        return this.assumedKinds.length === found.size
      },
      get witness() {
        return readWitness(treeOf[mode](), component.id)
      },
    }
  })
  const weight = weigh(question.singles)
  return spofs.sort((a, b) => (weight.get(b.component) ?? 0) - (weight.get(a.component) ?? 0))

  function growLazily(mode: Mode): () => WitnessTree {
    return lazy(() => growWitnessTree(graph, guarding, flow, mode))
  }
}

function collectKinds(singles: readonly BasicEvent[], flow: Flow): Map<Component, Set<SpofKind>> {
  const kinds = new Map<Component, Set<SpofKind>>()
  for (const event of singles) {
    const kind = kindOf(event, flow)
    if (kind) addKind(kinds, event.component, kind)
  }
  return kinds
}

function addKind(kinds: Map<Component, Set<SpofKind>>, component: Component, kind: SpofKind): void {
  const found = kinds.get(component)
  if (found) found.add(kind)
  else kinds.set(component, new Set([kind]))
}

/** Undefined for a failover that stays within the flow's objective: it interrupts, and that is agreed. */
function kindOf(event: BasicEvent, flow: Flow): SpofKind | undefined {
  const { component, mode, cause } = event
  if (cause === 'failover')
    return flow.objective.rtoMs !== undefined && event.durationMs <= flow.objective.rtoMs ? undefined : 'slow-failover'
  if (LOGIC_KINDS.has(component.kind)) return 'logic'
  if (mode === 'hang') return 'hang'
  if (SHARED_KINDS.has(component.kind)) return 'shared-fate'
  return cause === 'deployment' && component.instances > 1 ? 'shared-fate' : 'single'
}

function weigh(singles: readonly BasicEvent[]): Map<string, number> {
  const weights = new Map<string, number>()
  for (const event of singles) {
    const { id } = event.component
    weights.set(id, (weights.get(id) ?? 0) + probabilityOf(event))
  }
  return weights
}

/** The events of a list of nodes. */
export function eventsAt(events: readonly BasicEvent[], nodes: Iterable<NodeId>): BasicEvent[] {
  return [...nodes].flatMap((node) => events[node] ?? [])
}
