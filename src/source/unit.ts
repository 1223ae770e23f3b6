const MS_PER_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type DurationUnit = keyof typeof MS_PER_UNIT

/** What a duration looks like in a file: a number and its unit. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
/** What a rate looks like in a file: `20/s`, `300/m`. */
export const RATE_PATTERN = /^(\d+(?:\.\d+)?)\/(s|m|h)$/

/** Milliseconds of `"30s"`, `"1.5h"`, `"250ms"`, `"2d"`; undefined when the text is not a duration with a unit. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text.trim())
  if (!match) return undefined
  return Number(match[1]) * MS_PER_UNIT[match[2] as DurationUnit]
}

/** Calls a second of `"20/s"`, `"300/m"`; undefined when the text is not a rate. */
export function parseRate(text: string): number | undefined {
  const match = RATE_PATTERN.exec(text.trim())
  if (!match) return undefined
  return (Number(match[1]) * 1_000) / MS_PER_UNIT[match[2] as DurationUnit]
}

/** A duration for people: at most two units, `0 s`, `30 s`, `4 min`, `1 h 30 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return ms === 0 ? '0 s' : `${round(ms)} ms`
  if (ms < 60_000) return `${round(ms / 1_000)} s`
  const minutes = ms / 60_000
  if (minutes < 60) return ms % 60_000 === 0 ? `${minutes} min` : twoUnits(ms, 60_000, 'min', 1_000, 's')
  if (minutes < 48 * 60) return twoUnits(ms, 3_600_000, 'h', 60_000, 'min')
  return twoUnits(ms, 86_400_000, 'd', 3_600_000, 'h')
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  let whole = Math.floor(ms / large)
  let rest = Math.round((ms - whole * large) / small)
  if (rest * small === large) {
    whole += 1
    rest = 0
  }
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`
}

function round(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
}
