import type { Component } from '../../model/index.ts'

const MS_PER_YEAR = 365 * 86_400_000

export type Mode = 'crash' | 'hang'
/**
 * Why an event takes more than one instance, or less than the whole repair: `deployment` one bad version everywhere,
 * `common-cause` the beta factor, `failover` the pause until another instance is primary.
 */
export type Cause = 'deployment' | 'common-cause' | 'failover'

/** The smallest thing that can go wrong: one instance, or all at once for a cause. */
export interface BasicEvent {
  readonly component: Component
  readonly mode: Mode
  /** Index of the instance from 0; undefined when a cause takes them all. */
  readonly instance: number | undefined
  readonly cause: Cause | undefined
  readonly perYear: number
  /** How long it lasts, in milliseconds. */
  readonly durationMs: number
}

/**
 * Share of time the event is present: frequency × duration, at most 1. Frequencies count calendar years, so 4 a year
 * of 20 minutes are 80 minutes a year.
 */
export function probabilityOf(event: BasicEvent): number {
  return Math.min(1, (event.perYear * event.durationMs) / MS_PER_YEAR)
}

/**
 * The events of a component. `crash` and `hang` stand for each instance; redundant instances share a part of their
 * crashes (beta factor); a component with failover is interrupted each time its primary fails.
 */
export function listEvents(component: Component, interruption: { perYear: number; durationMs: number }): BasicEvent[] {
  const { crash, hang, deployment, commonCauseBeta } = component.failures
  const events: BasicEvent[] = []
  const isRedundant = component.instances > component.needs
  const beta = isRedundant ? commonCauseBeta : 0
  for (let instance = 0; instance < component.instances; instance++) {
    const own = crash.perYear * (1 - beta)
    events.push({ component, mode: 'crash', instance, cause: undefined, perYear: own, durationMs: crash.repairMs })
    if (!hang) continue
    events.push({
      component,
      mode: 'hang',
      instance,
      cause: undefined,
      perYear: hang.perYear,
      durationMs: hang.repairMs,
    })
  }
  const all = (mode: Mode, cause: Cause, perYear: number, durationMs: number) =>
    events.push({ component, mode, instance: undefined, cause, perYear, durationMs })
  if (beta > 0) all('crash', 'common-cause', crash.perYear * beta, crash.repairMs)
  if (deployment && isDeployedAtOnce(component)) all('crash', 'deployment', deployment.perYear, deployment.repairMs)
  if (hasPrimary(component)) {
    all('crash', 'failover', interruption.perYear, interruption.durationMs)
    if (hang) all('hang', 'failover', hang.perYear, interruption.durationMs)
  }
  return events
}

/** Whether one instance is primary and others stand by. */
export function hasPrimary(component: Component): boolean {
  return component.failover !== undefined && component.instances > 1
}

/** Whether one bad version reaches all instances. */
function isDeployedAtOnce(component: Component): boolean {
  return component.rollout === undefined || component.rollout === 'all-at-once'
}
