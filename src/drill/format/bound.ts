import { parseDuration, unreachable } from '../../source/index.ts'

/** What a figure must be: `">= 99%"`, `"<= 10s"`, `"= 0"`, or a text that it must equal, such as `open`. */
export type Bound =
  | { readonly kind: 'number'; readonly sign: Sign; readonly value: number; readonly text: string }
  | { readonly kind: 'text'; readonly value: string; readonly text: string }

type Sign = '>=' | '<=' | '>' | '<' | '='

const NUMBER = /^(>=|<=|>|<|=)\s*(-?\d+(?:\.\d+)?)\s*(%|ms|s|m|h|d)?$/

/** Shares are numbers from 0 to 1 and durations milliseconds, whatever their unit in the file. */
export function parseBound(text: string): Bound {
  const [, sign, digits = '', unit] = NUMBER.exec(text.trim()) ?? []
  if (sign === undefined) return { kind: 'text', value: text, text }
  const value = unit === '%' ? Number(digits) / 100 : unit ? (parseDuration(`${digits}${unit}`) ?? 0) : Number(digits)
  return { kind: 'number', sign: sign as Sign, value, text }
}

/** Whether a value is within a bound; undefined when there is no value, or it cannot be compared. */
export function isWithin(value: number | string | undefined, bound: Bound): boolean | undefined {
  if (value === undefined) return undefined
  if (bound.kind === 'text') return String(value) === bound.value
  const number = typeof value === 'number' ? value : Number(value)
  if (Number.isNaN(number)) return undefined
  switch (bound.sign) {
    case '>=':
      return number >= bound.value
    case '<=':
      return number <= bound.value
    case '>':
      return number > bound.value
    case '<':
      return number < bound.value
    case '=':
      return number === bound.value
    default:
      return unreachable(bound.sign)
  }
}
