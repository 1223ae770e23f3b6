import type { Sample } from './sample.ts'

/** Over some requests of one load. Shares are from 0 to 1; percentiles are of all of them, failed ones too. */
export interface LoadSummary {
  readonly sent: number
  readonly ok: number
  readonly degraded: number
  readonly failed: number
  readonly served: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** Why requests failed, most frequent first. */
  readonly failures: readonly { readonly detail: string; readonly count: number }[]
}

/** Undefined of no request at all: no data is not a pass. Percentiles to 3 digits, from an HDR histogram. */
export async function summarise(samples: readonly Sample[]): Promise<LoadSummary | undefined> {
  if (samples.length === 0) return undefined
  // Only drills pay for loading it.
  const { build } = await import('hdr-histogram-js')
  const histogram = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 })
  for (const { tookMs } of samples)
    histogram.recordValue(Math.min(3_600_000_000, Math.max(1, Math.round(tookMs * 1_000))))
  const share = (outcome: Sample['outcome']) =>
    samples.filter((sample) => sample.outcome === outcome).length / samples.length
  const percentile = (value: number) => histogram.getValueAtPercentile(value) / 1_000
  return {
    sent: samples.length,
    ok: share('ok'),
    degraded: share('degraded'),
    failed: share('failed'),
    served: share('ok') + share('degraded'),
    p50: percentile(50),
    p90: percentile(90),
    p99: percentile(99),
    max: samples.reduce((longest, { tookMs }) => Math.max(longest, tookMs), 0),
    failures: countFailures(samples),
  }
}

function countFailures(samples: readonly Sample[]): LoadSummary['failures'] {
  const counts = new Map<string, number>()
  for (const { outcome, detail } of samples) if (outcome === 'failed') counts.set(detail, (counts.get(detail) ?? 0) + 1)
  return [...counts].map(([detail, count]) => ({ detail, count })).sort((a, b) => b.count - a.count)
}
