/** Upper bounds of the latency buckets, in milliseconds; one more bucket holds everything above. */
export const latencyBoundsMs = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000] as const

/** What a guard has counted since it was made. Plain fields: they are raised on every call. */
export class Counters {
  /** Attempts, as judged. */
  success = 0
  failure = 0
  ignored = 0
  /** Attempts cut off by a deadline. */
  deadlines = 0
  /** Attempts after the first of a call. */
  retries = 0
  /** Retries the budget did not allow. */
  retriesDenied = 0
  /** Calls the bulkhead turned away. */
  bulkheadFull = 0
  /** Calls given up by their caller. */
  callerAborted = 0
  /** Calls that ended with an unknown outcome, before any fallback. */
  unknownOutcomes = 0
  /** Calls answered by a fallback; by a cached answer, fresh or stale. */
  fallbackAnswers = 0
  cacheFresh = 0
  cacheStale = 0
  /** Exceptions thrown by listeners, judges and other code of the user that only watches. */
  hookErrors = 0
  /** Calls begun and not yet settled. */
  inFlight = 0
  /** Attempts per latency bucket, and the sum of their durations. */
  readonly latencyCounts = new Array<number>(latencyBoundsMs.length + 1).fill(0)
  latencySumMs = 0

  countLatency(durationMs: number): void {
    let bucket = 0
    while (bucket < latencyBoundsMs.length && durationMs > (latencyBoundsMs[bucket] as number)) bucket++
    this.latencyCounts[bucket] = (this.latencyCounts[bucket] as number) + 1
    this.latencySumMs += durationMs
  }
}
