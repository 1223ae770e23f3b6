import type { Component, Flow } from '../../model/index.ts'
import type { NodeId, Solution } from '../fault-tree/index.ts'
import type { BasicEvent } from '../semantics/basic-event.ts'
import type { Importance } from '../view.ts'

export interface ImportanceQuestion {
  readonly flows: readonly Flow[]
  /** By flow. */
  readonly solutions: readonly Solution[]
  readonly events: readonly BasicEvent[]
  readonly probabilities: Float64Array
  readonly reachedBy: ReadonlyMap<Flow, ReadonlySet<string>>
}

/**
 * How much each component matters to U, the unavailability of all flows weighted by their share of business:
 * Birnbaum U(down) − U(perfect); Fussell-Vesely 1 − U(perfect) ÷ U; RAW U(down) ÷ U; RRW U ÷ U(perfect).
 * Down: every crash of the component is certain. Perfect: none of its events happens.
 * Sources: Birnbaum 1969; NUREG/CR-3385 (Vesely et al. 1983); docs/theory/importance.md.
 */
export function measureImportance(
  components: readonly Component[],
  question: ImportanceQuestion,
): Map<Component, Importance> {
  const { flows, solutions, probabilities, reachedBy } = question
  const nodesOf = groupByComponent(question.events)
  const byFlow = solutions.map((solution) => solution.probability(probabilities).upper)
  const now = flows.reduce((sum, flow, i) => sum + flow.share * (byFlow[i] ?? 0), 0)
  const importances = new Map<Component, Importance>()
  for (const component of components) {
    const nodes = nodesOf.get(component) ?? []
    /** Only flows that reach the component change with it. */
    const weigh = (changes: ReadonlyMap<NodeId, number>) =>
      flows.reduce((sum, flow, i) => {
        const isReached = reachedBy.get(flow)?.has(component.id)
        const changed = isReached ? solutions[i]?.probabilityWith(probabilities, changes).upper : byFlow[i]
        return sum + flow.share * (changed ?? 0)
      }, 0)
    const perfect = weigh(new Map(nodes.map((node) => [node, 0])))
    const crashes = nodes.filter((node) => question.events[node]?.mode === 'crash')
    const down = weigh(new Map(crashes.map((node) => [node, 1])))
    importances.set(component, {
      birnbaum: Math.max(0, down - perfect),
      fussellVesely: now === 0 ? 0 : Math.max(0, 1 - perfect / now),
      raw: now === 0 ? 1 : down / now,
      rrw: now === 0 ? 1 : now / perfect,
    })
  }
  return importances
}

function groupByComponent(events: readonly BasicEvent[]): Map<Component, NodeId[]> {
  const groups = new Map<Component, NodeId[]>()
  events.forEach((event, node) => {
    const group = groups.get(event.component)
    if (group) group.push(node)
    else groups.set(event.component, [node])
  })
  return groups
}
