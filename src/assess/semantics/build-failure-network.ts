import type { Component, Dependency, Fallback, Flow } from '../../model/index.ts'
import { type FaultNetwork, NetworkBuilder, type NodeId } from '../fault-tree/index.ts'
import { type DependencyGraph, type Edge, serves } from '../graph/dependency-graph.ts'
import type { Guarding } from '../graph/guarding.ts'
import { type BasicEvent, hasPrimary, listEvents } from './basic-event.ts'
import { failoverTimeMs, type Measured } from './failover-time.ts'
import { findSharedFlows } from './shared-flows.ts'

/**
 * What to think where the model is silent: `pessimistic` counts, `optimistic` shows what of it is certain.
 * Optimistic: unknown dependencies are soft and guarded, unstated pools are private, unstated roll-outs are rolling,
 * balancers eject what hangs.
 */
export type Stance = 'pessimistic' | 'optimistic'

/** Every way the platform can fail, as one Boolean network; `events[i]` is node i. */
export interface FailureNetwork {
  readonly network: FaultNetwork
  readonly events: readonly BasicEvent[]
  /** By flow, in the order of the model: the node that is true when the flow is down. */
  readonly down: readonly NodeId[]
  /** By flow: down, or served with something missing, delayed or from a fallback. */
  readonly impaired: readonly NodeId[]
  /** Events held false for cut sets and SPOFs: they enter probabilities only. */
  readonly commonCauses: ReadonlySet<NodeId>
}

export interface NetworkOptions {
  readonly graph: DependencyGraph
  readonly guarding: Guarding
  readonly measured: Measured
  readonly stance: Stance
}

/** Writes blueprint §5 as gates: what each row means is worked out in docs/theory/semantics.md. */
export function buildFailureNetwork(options: NetworkOptions): FailureNetwork {
  return new FailureNetworkBuilder(options).build()
}

/** How a caller meets a component that hangs: shielded ones notice only when too few instances are left. */
type View = 'shielded' | 'exposed'

const LIMITS_MAX = 1_000

class FailureNetworkBuilder {
  readonly #options: NetworkOptions
  readonly #gates = new NetworkBuilder()
  readonly #events: BasicEvent[] = []
  readonly #nodesOf = new Map<Component, Map<BasicEvent, NodeId>>()
  readonly #memo = new Map<string, NodeId>()
  readonly #pending: (() => void)[] = []
  readonly #longestMs: number
  readonly #limits = new Set<number>([0])
  /** The flows for which a component behaves alike share one set of gates: its key is the first of them. */
  readonly #keyOf: (component: Component, flow: Flow) => Flow
  readonly #never: NodeId

  constructor(options: NetworkOptions) {
    this.#options = options
    const { model, components } = options.graph
    for (const component of model.components) {
      const interruption = interruptionOf(component, components, options.measured)
      const nodes = new Map<BasicEvent, NodeId>()
      for (const event of listEvents(component, interruption)) {
        if (options.stance === 'optimistic' && event.cause === 'deployment' && component.rollout === undefined) continue
        nodes.set(event, this.#gates.event())
        this.#events.push(event)
      }
      this.#nodesOf.set(component, nodes)
    }
    this.#longestMs = this.#events.reduce((longest, event) => Math.max(longest, event.durationMs), 0)
    this.#keyOf = findSharedFlows(options.graph, options.guarding)
    this.#never = this.#gates.gate('or', [])
  }

  build(): FailureNetwork {
    const down: NodeId[] = []
    const impaired: NodeId[] = []
    for (const flow of this.#options.graph.model.flows) {
      const entry = this.#component(flow.entry)
      const isDown = this.#gates.gate('or', [this.#down(entry, flow, 0), this.#hung(entry, flow, 0, 'exposed')])
      down.push(isDown)
      impaired.push(this.#gates.gate('or', [isDown, this.#degraded(entry, flow)]))
    }
    for (let define = this.#pending.pop(); define; define = this.#pending.pop()) define()
    const commonCauses = new Set(this.#events.flatMap((event, id) => (event.cause === 'common-cause' ? [id] : [])))
    return { network: this.#gates.build(), events: this.#events, down, impaired, commonCauses }
  }

  /** True when the component does not serve the flow and says so, for longer than `beyondMs`. */
  #down(component: Component, flow: Flow, beyondMs: number): NodeId {
    return this.#node('down', component, flow, beyondMs, '', (key, beyond) => [
      ...this.#ownCrash(component, key, beyond),
      ...component.dependencies.flatMap((dependency) =>
        serves(dependency, key) ? this.#downThrough(dependency, key, beyond) : [],
      ),
    ])
  }

  /** True when requests of the flow wait in the component for ever, for longer than `beyondMs`. */
  #hung(component: Component, flow: Flow, beyondMs: number, view: View): NodeId {
    const seen = this.#balancerEjects(component) ? 'shielded' : view
    return this.#node('hung', component, flow, beyondMs, seen, (key, beyond) => [
      ...this.#ownHang(component, key, beyond, seen),
      ...this.#edgesFrom(component).flatMap((edge) => this.#hungThrough(edge, key, beyond)),
    ])
  }

  /** True when users of the flow get less than the whole through this component: something soft, late or stale. */
  #degraded(component: Component, flow: Flow): NodeId {
    return this.#node('degraded', component, flow, 0, '', (key) =>
      component.dependencies
        .filter((dependency) => serves(dependency, key))
        .flatMap((dependency) => this.#degradedThrough(dependency, key)),
    )
  }

  #ownCrash(component: Component, flow: Flow, beyondMs: number): NodeId[] {
    const { instances, needs, failover } = component
    const spare = instances - needs + 1
    const down = Array.from({ length: instances }, (_, instance) =>
      this.#instanceDown(component, instance, flow, beyondMs),
    )
    const gates = [this.#gates.gate({ atLeast: spare }, down), ...this.#causes(component, 'crash', beyondMs)]
    if (hasPrimary(component) && failover?.quorum !== undefined) {
      const quorum = this.#component(failover.quorum)
      gates.push(this.#gates.gate('and', [down[0] ?? this.#never, this.#failed(quorum, flow, beyondMs)]))
    }
    return gates
  }

  #instanceDown(component: Component, instance: number, flow: Flow, beyondMs: number): NodeId {
    const own = this.#eventNodes(component, beyondMs, (event) => event.mode === 'crash' && event.instance === instance)
    const host = component.runsOn[instance % component.runsOn.length]
    if (host === undefined) return own[0] ?? this.#never
    return this.#gates.gate('or', [...own, this.#down(this.#component(host), flow, beyondMs)])
  }

  /** Shielded, too few instances are left only if those that hang and those that are down add up to it. */
  #ownHang(component: Component, flow: Flow, beyondMs: number, view: View): NodeId[] {
    const { instances, needs } = component
    const hung = Array.from({ length: instances }, (_, instance) =>
      this.#eventNodes(component, beyondMs, (event) => event.mode === 'hang' && event.instance === instance),
    )
    const causes = hasPrimary(component) ? this.#causes(component, 'hang', beyondMs) : []
    const spare = instances - needs + 1
    if (spare === 1 || (view === 'exposed' && !hasPrimary(component))) return [...hung.flat(), ...causes]
    const gone = hung.map((nodes, instance) =>
      this.#gates.gate('or', [...nodes, this.#instanceDown(component, instance, flow, beyondMs)]),
    )
    const tooFew = this.#gates.gate({ atLeast: spare }, gone)
    return [this.#gates.gate('and', [tooFew, this.#gates.gate('or', hung.flat())]), ...causes]
  }

  /** The events that take every instance at once. */
  #causes(component: Component, mode: BasicEvent['mode'], beyondMs: number): NodeId[] {
    return this.#eventNodes(component, beyondMs, (event) => event.mode === mode && event.cause !== undefined)
  }

  #eventNodes(component: Component, beyondMs: number, matches: (event: BasicEvent) => boolean): NodeId[] {
    const nodes: NodeId[] = []
    for (const [event, node] of this.#nodesOf.get(component) ?? [])
      if (event.durationMs > beyondMs && matches(event)) nodes.push(node)
    return nodes
  }

  /** Crash of the target: hard takes the flow down unless a fallback carries it; soft does not; async only in the end. */
  #downThrough(dependency: Dependency, flow: Flow, beyondMs: number): NodeId[] {
    switch (this.#strengthOf(dependency)) {
      case 'soft':
        return []
      case 'async':
        return dependency.lastsMs === undefined ? [] : [this.#allFail(dependency, flow, beyondMs + dependency.lastsMs)]
      default: {
        const fails = this.#allFail(dependency, flow, beyondMs)
        const uncovered = dependency.fallbacks.map((fallback) =>
          this.#fallbackFails(dependency, fallback, fails, flow, beyondMs),
        )
        return [uncovered.length === 0 ? fails : this.#gates.gate('and', uncovered)]
      }
    }
  }

  /** The fallback does not help: the outage outlasts it, or what it needs has failed too. */
  #fallbackFails(dependency: Dependency, fallback: Fallback, fails: NodeId, flow: Flow, beyondMs: number): NodeId {
    const needs = fallback.needs.map((need) => this.#failed(this.#component(need), flow, beyondMs))
    const withoutNeeds = this.#gates.gate('and', [fails, this.#gates.gate('or', needs)])
    if (fallback.lastsMs === undefined) return withoutNeeds
    return this.#gates.gate('or', [withoutNeeds, this.#allFail(dependency, flow, beyondMs + fallback.lastsMs)])
  }

  /** The dependency as the caller sees it fail: its target, or all of its alternatives. */
  #allFail(dependency: Dependency, flow: Flow, beyondMs: number): NodeId {
    const fails = this.#edgesOf(dependency).map((edge) => this.#failsThrough(edge, flow, beyondMs))
    return fails.length === 1 ? (fails[0] ?? this.#never) : this.#gates.gate('and', fails)
  }

  /** A hang that is isolated and bounded is met like a crash; any other hang is the caller's hang, not its failure. */
  #failsThrough(edge: Edge, flow: Flow, beyondMs: number): NodeId {
    const down = this.#down(edge.target, flow, beyondMs)
    if (!this.#isIsolated(edge) || !this.#isBounded(edge, flow)) return down
    return this.#gates.gate('or', [down, this.#hung(edge.target, flow, beyondMs, 'shielded')])
  }

  /** Not bounded: requests of this flow wait. Not isolated: they fill the pool, and every flow through the caller waits. */
  #hungThrough(edge: Edge, flow: Flow, beyondMs: number): NodeId[] {
    const { dependency, target } = edge
    if (this.#strengthOf(dependency) === 'async') return []
    if (!this.#isIsolated(edge))
      return this.#flowsThrough(dependency).map((other) => this.#hung(target, other, beyondMs, 'exposed'))
    if (!serves(dependency, flow) || this.#isBounded(edge, flow)) return []
    return [this.#hung(target, flow, beyondMs, 'shielded')]
  }

  #degradedThrough(dependency: Dependency, flow: Flow): NodeId[] {
    const edges = this.#edgesOf(dependency)
    const below = edges.map((edge) => this.#degraded(edge.target, flow))
    if (dependency.isAnyOf) {
      const worse = edges.map((edge, i) =>
        this.#gates.gate('or', [this.#failsThrough(edge, flow, 0), below[i] ?? this.#never]),
      )
      return [this.#gates.gate('and', worse)]
    }
    const isPlain = this.#isHard(dependency) && dependency.fallbacks.length === 0
    const isWaiting = this.#strengthOf(dependency) !== 'async'
    return [...(isPlain ? [] : [this.#allFail(dependency, flow, 0)]), ...(isWaiting ? below : [])]
  }

  /** The component fails for a flow in either mode: what counts for fallback needs and quorums. */
  #failed(component: Component, flow: Flow, beyondMs: number): NodeId {
    const hung = this.#hung(component, flow, beyondMs, 'shielded')
    return this.#gates.gate('or', [this.#down(component, flow, beyondMs), hung])
  }

  #isHard(dependency: Dependency): boolean {
    const strength = this.#strengthOf(dependency)
    return strength === 'hard' || strength === 'unknown'
  }

  #strengthOf(dependency: Dependency): Dependency['strength'] {
    if (dependency.strength !== 'unknown') return dependency.strength
    return this.#options.stance === 'optimistic' ? 'soft' : 'hard'
  }

  #isIsolated(edge: Edge): boolean {
    const isolation = this.#options.guarding.isolation[edge.index]
    if (this.#options.stance === 'pessimistic') return isolation === 'isolated'
    return isolation !== 'shared' || edge.dependency.strength === 'unknown'
  }

  #isBounded(edge: Edge, flow: Flow): boolean {
    if (this.#options.stance === 'optimistic' && edge.dependency.strength === 'unknown') return true
    return this.#options.guarding.boundedFor[edge.index]?.has(flow) ?? false
  }

  #balancerEjects(component: Component): boolean {
    return component.health.ready !== undefined || this.#options.stance === 'optimistic'
  }

  #flowsThrough(dependency: Dependency): Flow[] {
    const { model, reachedBy } = this.#options.graph
    return model.flows.filter((flow) => serves(dependency, flow) && reachedBy.get(flow)?.has(dependency.caller))
  }

  #component(id: string): Component {
    const component = this.#options.graph.components.get(id)
    if (!component) throw new RangeError(`no component "${id}"`)
    return component
  }

  #edgesFrom(component: Component): readonly Edge[] {
    return this.#options.graph.edgesFrom.get(component.id) ?? []
  }

  #edgesOf(dependency: Dependency): Edge[] {
    return (this.#options.graph.edgesFrom.get(dependency.caller) ?? []).filter((edge) => edge.dependency === dependency)
  }

  /** One gate for each question asked; its inputs are written later, so that cycles and depth cost no stack. */
  #node(
    question: string,
    component: Component,
    flow: Flow,
    beyondMs: number,
    view: string,
    inputs: (key: Flow, beyondMs: number) => NodeId[],
  ): NodeId {
    const beyond = this.#limit(beyondMs)
    if (beyond === undefined) return this.#never
    const key = this.#keyOf(component, flow)
    const name = `${question} ${component.id} ${key.id} ${beyond} ${view}`
    const known = this.#memo.get(name)
    if (known !== undefined) return known
    const gate = this.#gates.declare()
    this.#memo.set(name, gate)
    this.#pending.push(() => this.#gates.define(gate, 'or', inputs(key, beyond)))
    return gate
  }

  /**
   * Undefined when no event lasts longer. A cycle of fallbacks that end could ask for limits without end: after the
   * first `LIMITS_MAX`, the nearest lower one answers, which is pessimistic.
   */
  #limit(beyondMs: number): number | undefined {
    if (beyondMs >= this.#longestMs) return undefined
    if (this.#limits.size < LIMITS_MAX) this.#limits.add(beyondMs)
    if (this.#limits.has(beyondMs)) return beyondMs
    return Math.max(...[...this.#limits].filter((limit) => limit <= beyondMs))
  }
}

/** How often and how long the service pauses for a new primary: each time the primary's process or host fails. */
function interruptionOf(component: Component, components: ReadonlyMap<string, Component>, measured: Measured) {
  const host = component.runsOn[0] === undefined ? undefined : components.get(component.runsOn[0])
  return {
    perYear: component.failures.crash.perYear + (host?.failures.crash.perYear ?? 0),
    durationMs: failoverTimeMs(component, measured),
  }
}
