/** How long a result holds unless it says otherwise. */
export const VALID_FOR_MS = 30 * 24 * 60 * 60 * 1_000

/**
 * Trials a claim of this kind needs before it counts: one shows that a mechanism works, a time needs three to show its
 * spread, and a loss, or a failover nobody watches, five. docs/theory/evidence.md.
 */
export function minimumTrials(kind: string, { isAutomatic }: { isAutomatic: boolean }): number {
  switch (kind) {
    case 'rpo':
      return 5
    case 'failover':
      return isAutomatic ? 5 : 3
    case 'runbook':
    case 'restore':
      return 3
    default:
      return 1
  }
}

/**
 * Upper bound, at 95 % confidence, of the share of trials that would lose something when none of `trials` did: 3/n, at
 * most 1. Source: Hanley & Lippman-Hand 1983, "If nothing goes wrong, is everything all right?"
 */
export function boundOfNone(trials: number): number {
  return trials === 0 ? 1 : Math.min(1, 3 / trials)
}

export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** Undefined of nothing. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  const upper = sorted[Math.ceil((sorted.length - 1) / 2)]
  if (min === undefined || max === undefined || lower === undefined || upper === undefined) return undefined
  return { min, median: lower + (upper - lower) / 2, max }
}
