import type { Metric } from '../../model/index.ts'
import { unreachable } from '../../source/index.ts'
import { formatMetric, isMet } from '../terminal/metrics.ts'
import { type RegionSources, sayWhere } from './sources.ts'
import { code, plain, table } from './text.ts'

/** The key metrics: what people said, what is computed now, what is aimed at, and where each figure comes from. */
export function writeMetricsTable(sources: RegionSources): string {
  const { metrics } = sources.assessment
  if (metrics.length === 0) return 'The model states no target.'
  const titles = [
    'Metric',
    'People said',
    'Was',
    'Claimed',
    'Proved',
    'Target',
    'Roadmap reaches',
    'Timeline',
    'Source',
  ]
  const rows = metrics.map((row) => {
    const { target, was, claimed, proved, planned } = row
    const write = (value: number | undefined) => formatMetric(target.metric.kind, value)
    return [
      plain(target.title),
      plain(target.was ?? '–'),
      write(was),
      write(claimed),
      isMet(row) ? `**${write(proved)}**` : write(proved),
      write(target.target),
      write(planned),
      plain(target.due ?? '–'),
      `${code(sayMetric(target.metric))}, ${plain(sayWhere(sources, target.where))}`,
    ]
  })
  return table(titles, rows)
}

function sayMetric(metric: Metric): string {
  switch (metric.kind) {
    case 'rto':
    case 'rpo':
      return `recovery.${metric.kind}(${metric.component})`
    case 'breaker-coverage':
      return 'coverage.breaker'
    case 'fallback-coverage':
      return 'coverage.fallback'
    default:
      return unreachable(metric)
  }
}
