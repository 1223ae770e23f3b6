import type { TrialResult } from '../run/result.ts'

/** The resolution of a timeline. */
const BUCKET_MS = 100

/** What users of one load got in a tenth of a second, by when their requests were due. */
export interface Bucket {
  readonly atMs: number
  readonly ok: number
  readonly degraded: number
  readonly failed: number
  /** The longest wait; undefined when no request was due. */
  readonly slowestMs: number | undefined
}

/** One load of a trial in tenths of a second, from its beginning to the last request. */
export function bucketsOf({ samples }: Pick<TrialResult, 'samples'>, load: string): Bucket[] {
  const own = samples.filter((sample) => sample.load === load)
  const last = own.at(-1)?.atMs ?? 0
  const buckets = Array.from({ length: Math.floor(last / BUCKET_MS) + 1 }, (_, i) => ({
    atMs: i * BUCKET_MS,
    ok: 0,
    degraded: 0,
    failed: 0,
    slowestMs: undefined as number | undefined,
  }))
  for (const { atMs, outcome, tookMs } of own) {
    const bucket = buckets[Math.max(0, Math.floor(atMs / BUCKET_MS))]
    if (!bucket) continue
    bucket[outcome]++
    bucket.slowestMs = Math.max(bucket.slowestMs ?? 0, tookMs)
  }
  return own.length === 0 ? [] : buckets
}
