import { describe, expect, it } from 'vitest'
import { compareRestored, readAcknowledged } from './count-restored.ts'

const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`
const ledger = [
  { at: at(1), key: 'a', kind: 'intent' },
  { at: at(2), key: 'a', kind: 'acknowledged', orderId: 'A' },
  { at: at(4), key: 'b', kind: 'acknowledged', orderId: 'B' },
  { at: at(7), key: 'c', kind: 'acknowledged', orderId: 'C' },
]
const acknowledged = readAcknowledged(`${ledger.map((line) => JSON.stringify(line)).join('\n')}\n{"at":`)

describe('what a restored database has', () => {
  it.each([
    ['everything', ['A', 'B', 'C'], { missing: 0, rpoMs: 0 }],
    ['all but the last', ['A', 'B'], { missing: 1, rpoMs: 3_000 }],
    ['only the first', ['A'], { missing: 2, rpoMs: 5_000 }],
    ['nothing', [], { missing: 3, rpoMs: 5_000 }],
  ])('is %s of what riders were told', (_what, there, expected) => {
    expect(compareRestored(acknowledged, new Set(there))).toEqual(expected)
  })
})
