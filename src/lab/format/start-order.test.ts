import { expect, it } from 'vitest'
import { findCycle, orderInWaves } from './start-order.ts'

it('parts start in waves: each wave needs only what is before it', () => {
  const needs = { web: ['shop', 'stars'], shop: ['stock'], stars: [], stock: [], elsewhere: ['unknown'] }
  expect(orderInWaves(new Map(Object.entries(needs)))).toEqual([['stars', 'stock', 'elsewhere'], ['shop'], ['web']])
})

it('a circle is named as one walks it; a diamond is none', () => {
  expect(findCycle(new Map(Object.entries({ a: ['b'], b: ['c'], c: ['b'] })))).toEqual(['b', 'c', 'b'])
  expect(findCycle(new Map(Object.entries({ a: ['a'] })))).toEqual(['a', 'a'])
  expect(findCycle(new Map(Object.entries({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })))).toBeUndefined()
})
