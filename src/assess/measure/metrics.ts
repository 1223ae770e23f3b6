import type { Metric, SystemModel, Target } from '../../model/index.ts'
import { unreachable } from '../../source/index.ts'
import type { View } from '../view.ts'
import { coverWithFallbacks, shareOf } from './coverage.ts'

/** One target of the model beside what is computed: milliseconds for times, 0 to 1 for coverage. */
export interface MetricRow {
  readonly target: Target
  readonly was: number | undefined
  readonly claimed: number | undefined
  readonly proved: number | undefined
  /** What the model with every mitigation reaches. */
  readonly planned: number | undefined
}

export function measureTargets(
  model: SystemModel,
  views: Readonly<Record<'was' | 'claimed' | 'proved' | 'target', View>>,
): MetricRow[] {
  return model.targets.map((target) => {
    const read = (view: View) => readMetric(target.metric, view, views.was)
    return {
      target,
      was: read(views.was),
      claimed: read(views.claimed),
      proved: read(views.proved),
      planned: read(views.target),
    }
  })
}

function readMetric(metric: Metric, view: View, was: View): number | undefined {
  switch (metric.kind) {
    case 'rto': {
      const recovery = view.components.find(({ component }) => component.id === metric.component)?.recovery
      return recovery?.measuredMs ?? recovery?.boundMs
    }
    case 'rpo': {
      const loss = view.components.find(({ component }) => component.id === metric.component)?.loss
      return loss?.measuredMs ?? loss?.boundMs
    }
    case 'breaker-coverage':
      return shareOf(view.breakerCoverage)
    case 'fallback-coverage':
      return shareOf(coverWithFallbacks(was, view))
    default:
      return unreachable(metric)
  }
}
