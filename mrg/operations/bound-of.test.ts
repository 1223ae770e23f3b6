import { expect, it } from 'vitest'
import { boundOf } from './bound-of.ts'

it.each([
  [5, 1, 2, 11_500],
  [20, 5, 5, 29_500],
  [30, 10, 10, 44_500],
  [5, 2, 2, undefined],
])('at ttl %i, loop %i and retry %i a failover takes %s ms at most', (ttl, loop_wait, retry_timeout, expected) => {
  expect(boundOf({ ttl, loop_wait, retry_timeout })).toBe(expected)
})
