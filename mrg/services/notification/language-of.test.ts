import { expect, it } from 'vitest'
import { languageOf } from './language-of.ts'

it.each([
  ['+62811000001', 'id'],
  ['62811000001', 'id'],
  ['0811000001', 'id'],
  [' +62 811 000 001', 'id'],
  ['+6591234567', 'en'],
  ['+1 620 555 0100', 'en'],
])('a rider with the number %j is written to in %s', (phone, expected) => {
  expect(languageOf(phone)).toBe(expected)
})
