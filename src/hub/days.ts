const DAY_MS = 86_400_000

/** Effort is counted in days of work: `6 d`, `0.5 d`. */
export function sayDays(ms: number): string {
  return `${Number((ms / DAY_MS).toFixed(2))} d`
}
