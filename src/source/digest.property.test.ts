import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './digest.ts'

/** The same data with the keys of every object in reverse. */
function turnKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, turnKeys(item)])
  return Object.fromEntries(entries.reverse())
}

describe('canonical JSON', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)))

  it('is JSON of the same data, so that different data is written differently', () =>
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value)
      }),
    ))

  it('does not depend on the order of keys', () =>
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(turnKeys(value))).toBe(canonicalJson(value))
      }),
    ))
})
