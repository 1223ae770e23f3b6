// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose writes its variables like this.
import { describe, expect, it } from 'vitest'
import { interpolate, parseEnvFile } from './variables.ts'

const variables = new Map([
  ['SET', 'x'],
  ['EMPTY', ''],
])

describe('variables in a Compose file', () => {
  const cases: [string, string, string[]][] = [
    ['$SET and ${SET}', 'x and x', []],
    ['a$$b', 'a$b', []],
    ['${MISSING}', '', ['MISSING']],
    ['${SET:-d} ${EMPTY:-d} ${MISSING:-d}', 'x d d', []],
    ['${SET-d} ${EMPTY-d} ${MISSING-d}', 'x  d', []],
    ['${SET:?told} ${SET?told}', 'x x', []],
    ['${MISSING:?told}', '', ['MISSING']],
    ['${SET:+alt} ${EMPTY:+alt} ${EMPTY+alt} ${MISSING+alt}', 'alt  alt ', []],
    ['${MISSING:-${ALSO:-${SET}}}', 'x', []],
    ['${SET:-${MISSING}}', 'x', []],
    ['${MISSING:-postgres://u:p@db:5432/x}', 'postgres://u:p@db:5432/x', []],
    ['${SET:-a}}', 'x}', []],
    ['costs 5$', 'costs 5$', []],
    ['$1', '$1', []],
  ]
  for (const [text, wanted, missing] of cases)
    it(`${text} reads as "${wanted}"`, () =>
      expect(interpolate(text, variables)).toEqual({ text: wanted, missing, isInvalid: false }))

  for (const text of ['${', '${}', '${SET', '${1}', '${SET!x}', `${'${A:-'.repeat(100)}`])
    it(`${text.slice(0, 20)} is no variable`, () => expect(interpolate(text, variables).isInvalid).toBe(true))
})

it('an env file has comments, quotes, exports and variables of earlier lines', () => {
  const text = [
    '# a comment',
    'A=1 # one',
    'export B = "two # words"',
    "C='$A'",
    'D=${A}/${B}',
    'nonsense',
    'E=',
    'F="a\\"b"',
  ].join('\n')
  expect([...parseEnvFile(text)]).toEqual([
    ['A', '1'],
    ['B', 'two # words'],
    ['C', '$A'],
    ['D', '1/two # words'],
    ['E', ''],
    ['F', 'a"b'],
  ])
})
