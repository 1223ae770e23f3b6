import type { SystemModel } from '../../model/index.ts'
import { formatDuration } from '../../source/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { TrialResult } from '../run/result.ts'

const FAILOVER = 'failover:'

/**
 * For each failover that a drill proves, one row: what configuration allows at worst, what the model wants, what it
 * claims, and the longest that users waited. What nobody said is left out; no row without something measured.
 */
export function compareBound(
  trials: readonly TrialResult[],
  { plan, model }: { plan: DrillPlan; model: SystemModel | undefined },
): string[] {
  const waits = trials.flatMap(({ measured }) => measured.rtoMs ?? [])
  if (waits.length === 0) return []
  const boundMs = findBound(trials, plan)
  return plan.claims
    .filter((claim) => claim.startsWith(FAILOVER))
    .map((claim) => {
      const component = model?.components.find(({ id }) => id === claim.slice(FAILOVER.length))
      const figures: [string, number | undefined][] = [
        ['bound', boundMs],
        ['target', component?.objective.rtoMs],
        ['claimed', component?.failover?.takesMs],
        ['measured', Math.max(...waits)],
      ]
      const told = figures.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${formatDuration(ms)}`]))
      return `${claim}: ${told.join(' · ')}`
    })
}

/** The largest that its probe has said. */
function findBound(trials: readonly TrialResult[], plan: DrillPlan): number | undefined {
  const { bound } = plan.input
  if (!bound) return undefined
  const values = trials.flatMap(({ looks }) => (looks[bound.probe] ?? []).map(({ value }) => value))
  const numbers = values.filter((value) => typeof value === 'number')
  return numbers.length > 0 ? Math.max(...numbers) : undefined
}
