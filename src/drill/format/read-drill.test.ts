import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../source/index.ts'
import { isWithin, parseBound } from './bound.ts'
import { readDrill } from './read-drill.ts'

const FINE = `drill: one
lab: ../lab.yaml
parameters: { hold: 2s }
load: { users: { http: "GET http://localhost/", rate: 20/s } }
method: [{ fault: kill, target: web, for: "\${parameter.hold}" }]
expect: [{ load: users, served: ">= 99%" }]
limits: { targets: [web] }
`

function check(text: string, changed?: Record<string, string>): string[] {
  return readDrill({ file: 'one.yaml', text }, changed).problems.map(formatProblem)
}

describe('a drill file', () => {
  it('is read with its parameters filled in', () => {
    expect(readDrill({ file: 'one.yaml', text: FINE }).drill?.input.method[0]?.for).toBe(2_000)
    expect(readDrill({ file: 'one.yaml', text: FINE }, { hold: '5s' }).drill?.input.method[0]?.for).toBe(5_000)
  })

  it.each([
    [
      'target: web',
      'targt: web',
      [
        'one.yaml:5:25 "targt" is not a key here. Did you mean "target"? Correct or remove it.',
        'one.yaml:5:10 "target" must be a string, or must be an array. Correct it.',
      ],
    ],
    [
      'load: users, served',
      'load: user, served',
      ['one.yaml:6:12 "user" is not a load of this drill. Did you mean "users"? Correct or declare it.'],
    ],
    [
      'parameter.hold',
      'parameter.hld',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of a drill file
      ['one.yaml:5:38 "${parameter.hld}" is not declared. Did you mean "hold"? Declare it under parameters.'],
    ],
    [
      'served: ">= 99%"',
      'is: 3',
      [
        'one.yaml:6:10 "expect" must have one of ok, degraded, failed, served, p50, p90, p99, max, rto, as-modelled. Correct it.',
      ],
    ],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of a drill file
      'for: "${parameter.hold}"',
      'for: 60s, live: 30s',
      ['one.yaml:5:48 "live" is not longer than "for": the watchdog would end it first. Lengthen it.'],
    ],
    [
      'target: web,',
      'target: web, stage: true,',
      ['one.yaml:5:1 Every fault only sets the stage. Add the one that is to be shown, without "stage".'],
    ],
    [
      'served: ">= 99%"',
      'served: ">= 99%", claims: ["soft:a>b"]',
      ['one.yaml:6:52 "soft:a>b" is not among what the drill proves. Add it to proves, or correct it.'],
    ],
  ])('with %s written as %s is refused where it is wrong', (from, to, expected) => {
    expect(check(FINE.replace(from, to)).sort()).toEqual(expected.sort())
  })

  it('refuses a parameter that it does not have', () => {
    expect(check(FINE, { hld: '3s' })).toEqual([
      'one.yaml:3:1 The drill has no parameter "hld". Did you mean "hold"? Declare it under parameters, or leave it out.',
    ])
  })
})

describe('a bound', () => {
  it.each([
    ['>= 99%', 0.99, true],
    ['>= 99%', 0.9899, false],
    ['<= 10s', 10_000, true],
    ['< 500ms', 500, false],
    ['= 0', 0, true],
    ['= 0', '0', true],
    ['open', 'open', true],
    ['open', 'closed', false],
    ['>= 1', undefined, undefined],
    ['>= 1', 'open', undefined],
  ])('%s of %s is %s', (text, value, expected) => {
    expect(isWithin(value, parseBound(text))).toBe(expected)
  })
})
