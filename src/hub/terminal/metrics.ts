import type { MetricRow } from '../../assess/index.ts'
import { formatDuration } from '../../source/index.ts'
import { heading, type Paint, pad, padLeft, percent } from './paint.ts'

/** The key metrics: what people said, what is computed now as claimed and as proved, and what is aimed at. */
export function writeMetrics(metrics: readonly MetricRow[], paint: Paint): string[] {
  if (metrics.length === 0) return []
  const columns = ['said', 'was', 'claimed', 'proved', 'target', 'roadmap', 'due']
  return [
    ...heading('Key metrics', paint),
    paint.dim(`  ${pad('', 26)}${columns.map((column) => padLeft(column, 10)).join('')}`),
    ...metrics.map((row) => writeRow(row, paint)),
  ]
}

function writeRow(row: MetricRow, paint: Paint): string {
  const { target, was, claimed, proved, planned } = row
  const write = (value: number | undefined) => formatMetric(target.metric.kind, value)
  const figures = [target.was ?? '–', write(was), write(claimed), write(proved), write(target.target), write(planned)]
  const cells = [...figures, target.due ?? '–'].map((figure) => padLeft(figure, Math.max(10, figure.length + 1)))
  const line = `  ${pad(target.title, 26)}${cells.join('')}`
  return isMet(row) ? paint.green(line) : line
}

/** Whether what is proved reaches the target. */
export function isMet({ target, proved }: MetricRow): boolean {
  return proved !== undefined && (isTime(target.metric.kind) ? proved <= target.target : proved >= target.target)
}

export function formatMetric(kind: MetricRow['target']['metric']['kind'], value: number | undefined): string {
  if (value === undefined) return 'unknown'
  return isTime(kind) ? formatDuration(value) : percent(value)
}

function isTime(kind: MetricRow['target']['metric']['kind']): boolean {
  return kind === 'rto' || kind === 'rpo'
}
