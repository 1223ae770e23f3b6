import type { Component, Dependency, Flow, Guard } from '../../model/index.ts'
import { type DependencyGraph, type Edge, serves } from './dependency-graph.ts'

/** Whether a statement holds: as stated, or only because the pessimistic default was taken where nothing is stated. */
export type Isolation = 'isolated' | 'shared' | 'assumed-shared'

/** A deadline that cannot help: a caller above gives up before it. */
export interface DeadlineInversion {
  readonly edge: Edge
  readonly flow: Flow
  readonly totalMs: number
  readonly aboveMs: number
}

/** What the guards do for each edge. */
export interface Guarding {
  /** By edge index: does a hang of the target stay within this dependency? */
  readonly isolation: readonly Isolation[]
  /** By edge index: the flows for which every attempt together fits inside each deadline above. */
  readonly boundedFor: readonly ReadonlySet<Flow>[]
  readonly inversions: readonly DeadlineInversion[]
}

/**
 * Judges every guard on every path. Bounded: attempts × deadline + back-off fits inside each deadline above it.
 * Isolated: a deadline with a breaker, a bulkhead, a private pool, or rate × waiting time below the pool (Little's law).
 * Worked examples: docs/theory/semantics.md.
 */
export function judgeGuards(graph: DependencyGraph): Guarding {
  const isolation = graph.edges.map((edge) => judgeIsolation(edge.caller, edge.dependency, edge.alternative.guard))
  const boundedFor = graph.edges.map(() => new Set<Flow>())
  const inversions: DeadlineInversion[] = []
  const cyclic = findCyclicCore(graph)
  for (const flow of graph.model.flows) {
    const aboveMs = findDeadlinesAbove(graph, flow)
    for (const edge of graph.edges) {
      const { caller, dependency, index } = edge
      if (!serves(dependency, flow) || !graph.reachedBy.get(flow)?.has(caller.id)) continue
      const total = longestWaitMs(edge.alternative.guard)
      let above = aboveMs.get(caller.id) ?? Number.POSITIVE_INFINITY
      if (total !== undefined && total > above && cyclic.has(caller.id))
        above = findDeadlinesAbove(graph, flow, caller.id).get(caller.id) ?? Number.POSITIVE_INFINITY
      if (dependency.strength === 'async' || (total !== undefined && total <= above)) boundedFor[index]?.add(flow)
      else if (total !== undefined) inversions.push({ edge, flow, totalMs: total, aboveMs: above })
    }
  }
  return { isolation, boundedFor, inversions }
}

/** The longest a caller waits for all attempts, in milliseconds; undefined without a deadline: for ever. */
function longestWaitMs(guard: Guard | undefined): number | undefined {
  if (!guard) return undefined
  const { deadlineMs, overallMs, attempts, backoffMs } = guard
  if (deadlineMs === undefined) return overallMs
  const backoffs = backoffMs * (2 ** (attempts - 1) - 1)
  return Math.min(attempts * deadlineMs + backoffs, overallMs ?? Number.POSITIVE_INFINITY)
}

function judgeIsolation(caller: Component, dependency: Dependency, guard: Guard | undefined): Isolation {
  if (dependency.strength === 'async' || caller.pool === 'private' || guard?.concurrentMax !== undefined)
    return 'isolated'
  const waitMs = longestWaitMs(guard)
  if (waitMs === undefined) return caller.pool === undefined ? 'assumed-shared' : 'shared'
  if (guard?.hasBreaker) return 'isolated'
  if (caller.pool === undefined || dependency.ratePerSecond === undefined) return 'assumed-shared'
  return (dependency.ratePerSecond * waitMs) / 1_000 < caller.pool ? 'isolated' : 'shared'
}

/**
 * For each component that the flow reaches by waiting calls, the tightest deadline on any path down to it, in
 * milliseconds; Infinity where no caller sets one. Least fixed point; each pass can only tighten. Paths do not go on
 * through `end`: a call is not above itself because its callers call each other.
 */
function findDeadlinesAbove(graph: DependencyGraph, flow: Flow, end?: string): Map<string, number> {
  const above = new Map([[flow.entry, Number.POSITIVE_INFINITY]])
  const queue = [flow.entry]
  for (const id of queue) {
    if (id === end) continue
    const inherited = above.get(id) ?? Number.POSITIVE_INFINITY
    for (const edge of graph.edgesFrom.get(id) ?? []) {
      if (!serves(edge.dependency, flow)) continue
      const { deadlineMs = Number.POSITIVE_INFINITY, overallMs = Number.POSITIVE_INFINITY } =
        edge.alternative.guard ?? {}
      const isWaiting = edge.dependency.strength !== 'async'
      const tightest = isWaiting ? Math.min(inherited, deadlineMs, overallMs) : Number.POSITIVE_INFINITY
      const known = above.get(edge.target.id)
      if (known !== undefined && tightest >= known) continue
      above.set(edge.target.id, tightest)
      queue.push(edge.target.id)
    }
  }
  return above
}

/** The components on cycles, and those between cycles: what is left when callers and targets of nothing are taken away. */
function findCyclicCore({ components, edges }: DependencyGraph): ReadonlySet<string> {
  const core = new Set(components.keys())
  for (const end of ['caller', 'target'] as const) {
    const degree = new Map<string, number>([...core].map((id) => [id, 0]))
    const isInside = (edge: Edge) => core.has(edge.caller.id) && core.has(edge.target.id)
    const inside = edges.filter(isInside)
    const opposite = end === 'caller' ? 'target' : 'caller'
    const edgesOf = new Map<string, Edge[]>()
    for (const edge of inside) {
      degree.set(edge[opposite].id, (degree.get(edge[opposite].id) ?? 0) + 1)
      const own = edgesOf.get(edge[end].id)
      if (own) own.push(edge)
      else edgesOf.set(edge[end].id, [edge])
    }
    const loose = [...degree].filter(([, count]) => count === 0).map(([id]) => id)
    for (const id of loose) {
      core.delete(id)
      for (const edge of edgesOf.get(id) ?? []) {
        const left = (degree.get(edge[opposite].id) ?? 0) - 1
        degree.set(edge[opposite].id, left)
        if (left === 0) loose.push(edge[opposite].id)
      }
    }
  }
  return core
}
