/** A length of time as people write it: a number and a unit, `250ms`, `5s`, `1.5m`, `1h`. */
export type Duration = `${number}ms` | `${number}s` | `${number}m` | `${number}h`

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const
type Unit = keyof typeof unitMs

const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/

/** Milliseconds, or undefined if `value` is not a duration with a unit. A bare number is not one: of what? */
export function parseDuration(value: unknown): number | undefined {
  const match = typeof value === 'string' ? durationPattern.exec(value) : null
  return match === null ? undefined : Number(match[1]) * unitMs[match[2] as Unit]
}

/** The shortest exact way to write `ms` milliseconds. */
export function formatDuration(ms: number): Duration {
  if (ms > 0 && ms % unitMs.h === 0) return `${ms / unitMs.h}h`
  if (ms > 0 && ms % unitMs.m === 0) return `${ms / unitMs.m}m`
  if (ms > 0 && ms % unitMs.s === 0) return `${ms / unitMs.s}s`
  return `${ms}ms`
}
