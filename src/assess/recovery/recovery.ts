import type { Component, Flow } from '../../model/index.ts'
import { failoverTimeMs, type Measured } from '../semantics/failover-time.ts'
import type { Loss, Recovery } from '../view.ts'

/** How long users wait for this component, as objective, configuration, claim and measurement. */
export function stateRecovery(component: Component, flows: readonly Flow[], measured: Measured): Recovery {
  const { failover, failures, objective } = component
  const isAutomatic = failover?.mode === 'automatic'
  return {
    objectiveMs: objective.rtoMs ?? tightest(flows.map((flow) => flow.objective.rtoMs)),
    boundMs: failoverTimeMs(component, {}),
    claimedMs: isAutomatic ? failover.takesMs : failover ? undefined : failures.crash.repairMs,
    measuredMs: measured.failoverMs?.get(component.id),
  }
}

/** How much acknowledged work this component may lose. */
export function stateLoss(component: Component, flows: readonly Flow[], measured: Measured): Loss {
  return {
    objectiveMs: component.objective.rpoMs ?? tightest(flows.map((flow) => flow.objective.rpoMs)),
    boundMs: component.failover?.losesMs,
    measuredMs: measured.lossMs?.get(component.id),
  }
}

function tightest(values: readonly (number | undefined)[]): number | undefined {
  const stated = values.filter((value) => value !== undefined)
  return stated.length === 0 ? undefined : Math.min(...stated)
}
