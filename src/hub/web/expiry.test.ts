import { expect, it } from 'vitest'
import type { ClaimEntry } from '../contract/claim.ts'
import { listExpiries } from './expiry.ts'

const claim = (
  id: string,
  expiresAt: string | undefined,
  drills: string[],
  verdict: ClaimEntry['verdict'] = 'supported',
) =>
  ({
    id,
    verdict,
    reason: '',
    trials: 1,
    trialsNeeded: 1,
    drills,
    records: [],
    ...(expiresAt && { expiresAt }),
  }) as const
const brief = (...claims: ClaimEntry[]) =>
  listExpiries(claims).map(({ week, drill, claims }) => [week, drill, claims.join(' ')])

it('what one drill renews on one day is one entry, soonest first', () => {
  expect(
    brief(
      claim('c', '2026-12-30T09:00:00.000Z', ['second']),
      claim('a', '2026-12-25T09:00:00.000Z', ['first', 'other']),
      claim('b', '2026-12-25T08:00:00.000Z', ['first']),
    ),
  ).toEqual([
    ['2026-12-21', 'first', 'a b'],
    ['2026-12-28', 'second', 'c'],
  ])
})

it('a week begins on Monday, and a Sunday still belongs to it', () => {
  expect(brief(claim('a', '2026-12-27T23:59:59.000Z', []), claim('b', '2026-12-28T00:00:00.000Z', []))).toEqual([
    ['2026-12-21', undefined, 'a'],
    ['2026-12-28', undefined, 'b'],
  ])
})

it('a claim of which nothing is known, or that never expires, is not waited for', () => {
  expect(brief(claim('a', '2026-12-27T00:00:00.000Z', [], 'unknown'), claim('b', undefined, []))).toEqual([])
})
