import { expect, it } from 'vitest'
import { pickField } from './read-figures.ts'

const cluster = {
  members: [
    { name: 'a', role: 'leader', lag: 0 },
    { name: 'b', role: 'replica' },
  ],
  leader: null,
}

it.each([
  ['members.name=a.role', 'leader'],
  ['members.name=a.lag', '0'],
  ['members.name=b.lag', undefined],
  ['members.name=c.role', undefined],
  ['members.1.role', 'replica'],
  ['leader', undefined],
  ['constructor', undefined],
])('%s is %s', (path, value) => {
  expect(pickField(cluster, path)).toBe(value)
})

it('nothing is a field of no answer', () => {
  expect(pickField(undefined, 'a.b')).toBeUndefined()
})
