export interface BackoffRules {
  /** The longest first delay. Doubles with each retry. */
  readonly firstDelayMs: number
  /** No delay is longer. */
  readonly delayMsMax: number
}

/**
 * Milliseconds to wait before retry number `retry` (1 is the first): exponential with full jitter, from 0 up to the
 * doubled delay. `random` is from 0 to 1.
 * Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffDelayMs(rules: BackoffRules, retry: number, random: number): number {
  return random * Math.min(rules.delayMsMax, rules.firstDelayMs * 2 ** (retry - 1))
}
