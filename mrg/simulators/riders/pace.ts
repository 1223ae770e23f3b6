/** How patient riders are. */
export interface Pace {
  /** Then a rider takes the answer for lost. */
  readonly answerMsMax: number
  /** The pauses before a lost or failed POST is sent again; after the last one the rider gives up. */
  readonly repeatAfterMs: readonly number[]
  /** A rider who has no taxi by then does without. */
  readonly taxiMsMax: number
  readonly cancelAfterMs: number
  readonly firstLookAfterMs: number
  readonly lookEveryMs: number
  /** Nobody looks at an order that is older. */
  readonly lookMsMax: number
}

export const RIDERS_PACE: Pace = {
  answerMsMax: 10_000,
  repeatAfterMs: [1_000, 2_000, 4_000],
  taxiMsMax: 8_000,
  cancelAfterMs: 1_000,
  firstLookAfterMs: 2_000,
  lookEveryMs: 15_000,
  lookMsMax: 10 * 60_000,
}
