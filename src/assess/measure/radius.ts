import type { Component } from '../../model/index.ts'
import { type NodeId, simulate } from '../fault-tree/index.ts'
import type { Mode } from '../semantics/basic-event.ts'
import type { FailureNetwork } from '../semantics/build-failure-network.ts'
import type { Radius } from '../view.ts'

/** What happens when whole components fail: by component, the flows that go down, as indices into the model's flows. */
export interface Fall {
  readonly downFlows: readonly number[]
  readonly impairedFlows: readonly number[]
}

/** Lets each component fail as a whole, in the given mode, and sees which flows fall. */
export function letEachFall(components: readonly Component[], failure: FailureNetwork, mode: Mode): Fall[] {
  const eventsOf = new Map<Component, NodeId[]>(components.map((component) => [component, []]))
  failure.events.forEach((event, node) => {
    if (event.mode === mode) eventsOf.get(event.component)?.push(node)
  })
  return letFall(
    failure,
    components.map((component) => eventsOf.get(component) ?? []),
  )
}

/** Lets several components fail together. */
export function letFall(failure: FailureNetwork, scenarios: readonly (readonly NodeId[])[]): Fall[] {
  const { network, down, impaired } = failure
  const simulation = simulate(network, { scenarios, watch: [...down, ...impaired] })
  return scenarios.map((_, scenario) => ({
    downFlows: [...down.keys()].filter((flow) => simulation.isTrue(scenario, flow)),
    impairedFlows: [...impaired.keys()].filter((flow) => simulation.isTrue(scenario, down.length + flow)),
  }))
}

/** Business volume that a fall takes down, and that it only degrades. */
export function measureRadius(fall: Fall, shares: readonly number[]): Radius {
  const sum = (flows: readonly number[]) => flows.reduce((total, flow) => total + (shares[flow] ?? 0), 0)
  const down = round(sum(fall.downFlows))
  return { down, degraded: Math.max(0, round(sum(fall.impairedFlows) - down)) }
}

/** Shares are written with few digits; sums of them should read so too. */
function round(share: number): number {
  return Number(share.toFixed(9))
}
