/** What became of one request, as its user saw it. Times are milliseconds since the trial began. */
export interface Sample {
  readonly load: string
  /** When it was due: a stall of ours or of the platform counts from here. */
  readonly atMs: number
  /** From when it was due to the whole answer, or to when it was given up. */
  readonly tookMs: number
  readonly outcome: Outcome
  /** The status of the answer, or why there is none. */
  readonly detail: string
}

/** `degraded` serves, with something missing. */
export type Outcome = 'ok' | 'degraded' | 'failed'

export function isServed({ outcome }: Sample): boolean {
  return outcome !== 'failed'
}
