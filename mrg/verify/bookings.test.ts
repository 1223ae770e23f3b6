import { expect, it } from 'vitest'
import { type LedgerEntry, tellBookings } from './bookings.ts'

const at = (second: number) => new Date(second * 1_000).toISOString()
const intent = (key: string, second: number): LedgerEntry => ({ at: at(second), key, kind: 'intent' })
const told = (key: string, second: number, kind = 'acknowledged'): LedgerEntry => ({ at: at(second), key, kind })

it('counts the orders asked for since then that have an end', () => {
  const ledger = [
    intent('before', 1),
    intent('a', 10),
    told('before', 11),
    told('a', 12),
    intent('b', 12),
    told('b', 17, 'uncertain'),
    intent('under way', 18),
  ]
  expect(tellBookings(ledger, 10_000)).toEqual({ ended: 2, acknowledged: 1, acknowledgedShare: 0.5 })
})

it('the longest silence is between one acknowledgement and the next', () => {
  const ledger = ['a', 'b', 'c'].flatMap((key, i) => [intent(key, i), told(key, i * i + 1)])
  expect(tellBookings(ledger, 0).silenceMsMax).toBe(3_000)
})

it('of nothing there is no share', () => {
  expect(tellBookings([], 0)).toEqual({ ended: 0, acknowledged: 0 })
})
