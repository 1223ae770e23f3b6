import { describe, expect, it } from 'vitest'
import { parseModel } from '../../../model/index.ts'
import { formatProblem } from '../../../source/index.ts'
import { readLiveSettings } from './settings.ts'

const { model } = parseModel([{ file: 'm.yaml', text: 'components:\n  postgresql: { kind: database }\n' }])
const read = (text: string, env: Record<string, string> = {}) => {
  if (!model) throw new Error('the model of the test is wrong')
  return readLiveSettings({ file: 'live.yaml', text }, { model, env })
}
const problems = (text: string, env?: Record<string, string>) => read(text, env).problems.map(formatProblem)

describe('live.yaml', () => {
  it('names feeds and the token of Alertmanager; secrets come from the environment', () => {
    const text = `
feeds:
  database: { kind: patroni, component: postgresql, urls: ["http://db-1:8008"] }
alertmanager: { token: "\${env.TOKEN}" }
`
    expect(read(text, { TOKEN: 'a-long-enough-token' }).settings).toEqual({
      feeds: { database: { kind: 'patroni', component: 'postgresql', urls: ['http://db-1:8008'] } },
      alertToken: 'a-long-enough-token',
    })
  })

  it('may be empty', () => {
    expect(read('').settings).toEqual({ feeds: {}, alertToken: undefined })
  })

  it.each([
    [
      'feeds:\n  a: { kind: patroni, component: postgresq, urls: ["http://a:1"] }',
      'live.yaml:2:23 "postgresq" is no component of the model. Did you mean "postgresql"? Correct it.',
    ],
    [
      'feeds:\n  a: { kind: http, component: postgresql, urls: ["file:///etc/passwd"] }',
      'live.yaml:2:50 "urls" must be a URL such as http://db-1:8008. Correct it.',
    ],
    [
      'feeds:\n  a: { kind: http, component: postgresql, url: ["http://a:1"], urls: ["http://a:1"] }',
      'live.yaml:2:43 "url" is not a key here. Did you mean "urls"? Correct or remove it.',
    ],
    ['alertmanager: { token: short }', 'live.yaml:1:17 "token" must have at least 16 characters. Correct it.'],
    [
      `alertmanager:\n  token: "\${env.NOWHERE}"`,
      `live.yaml:2:11 The environment variable NOWHERE is not set. Set it first, or remove \${env.NOWHERE}.`,
    ],
  ])('%j is a mistake with its place', (text, problem) => {
    expect(problems(text)).toEqual([problem])
  })

  it('is reported whole: every mistake at once', () => {
    const text =
      'feeds:\n  a: { kind: nothing }\n  b: { kind: sentinel, component: postgresql, addresses: [x], master: m }\n'
    expect(problems(text)).toHaveLength(2)
  })
})
