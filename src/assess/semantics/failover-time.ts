import type { Component } from '../../model/index.ts'

/** What drills measured, by what they measured it on; milliseconds. Absent: never measured. */
export interface Measured {
  readonly failoverMs?: ReadonlyMap<string, number>
  readonly lossMs?: ReadonlyMap<string, number>
}

/**
 * How long users wait when the primary fails: measured, else as configured, else until it is repaired. A manual
 * failover takes what its runbook was measured to take: a figure typed into the model does not count.
 */
export function failoverTimeMs(component: Component, measured: Measured): number {
  const repairMs = component.failures.crash.repairMs
  const figure = measured.failoverMs?.get(component.id)
  switch (component.failover?.mode) {
    case 'automatic':
      return figure ?? component.failover.takesMs ?? repairMs
    case 'manual':
      return figure ?? repairMs
    default:
      return repairMs
  }
}
