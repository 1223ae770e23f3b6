import type { Component, Flow } from '../../model/index.ts'
import { type BasicEvent, probabilityOf } from '../semantics/basic-event.ts'

const MINUTES_PER_YEAR = 365 * 24 * 60

/** Minutes a year that the flow's availability objective leaves; undefined without one. */
export function errorBudgetMinutes(flow: Flow): number | undefined {
  const { availability } = flow.objective
  return availability === undefined ? undefined : (1 - availability) * MINUTES_PER_YEAR
}

/** What one component's order-1 events cost. */
export interface Risk {
  /** Largest share of a flow's error budget; undefined where no affected flow has one, 0 where none is affected. */
  readonly ofBudget: number | undefined
  /** Expected minutes a year in the worst-hit flow. */
  readonly minutesPerYear: number
}

const NO_RISK: Risk = { ofBudget: 0, minutesPerYear: 0 }

/**
 * Risk by component, from the events that alone bring a flow down (or impair it). The idea is Google's CRE risk
 * analysis: expected bad minutes ÷ error budget. docs/theory/risk.md.
 */
export function measureRisks(
  flows: readonly Flow[],
  singlesByFlow: readonly (readonly BasicEvent[])[],
): (component: Component) => Risk {
  const risks = new Map<Component, Risk>()
  flows.forEach((flow, i) => {
    const budget = errorBudgetMinutes(flow)
    for (const [component, minutes] of sumMinutes(singlesByFlow[i] ?? [])) {
      const known = risks.get(component)
      const ofBudget = budget === undefined ? undefined : minutes / budget
      risks.set(component, {
        ofBudget: ofBudget === undefined ? known?.ofBudget : Math.max(ofBudget, known?.ofBudget ?? 0),
        minutesPerYear: Math.max(minutes, known?.minutesPerYear ?? 0),
      })
    }
  })
  return (component) => risks.get(component) ?? NO_RISK
}

function sumMinutes(events: readonly BasicEvent[]): Map<Component, number> {
  const minutes = new Map<Component, number>()
  for (const event of events)
    minutes.set(event.component, (minutes.get(event.component) ?? 0) + probabilityOf(event) * MINUTES_PER_YEAR)
  return minutes
}
