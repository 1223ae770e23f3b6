import { describe, expect, it } from 'vitest'
import { runbookOf } from '../testing/fake-world.ts'
import { makeOperation } from './operation.ts'
import { listSteps } from './runbook.ts'

const EVIL = '"; rm -rf / #\' $(boom) & x=1'
const FRONT = 'prompts: { who: { ask: Who } }\n'

/** The operation of a page with one step, the variable holding something hostile. */
function make(fence: string, who = EVIL) {
  const block = listSteps(runbookOf(fence, FRONT).items)[0]?.blocks[0]
  if (!block) throw new Error('there is no block')
  return makeOperation(block, new Map([['who', who]]))
}

describe('a value is never read as code', () => {
  it('in a shell it is a variable', () => {
    expect(make('```bash {step=a}\necho "{{who}}"\n```\n')).toEqual({
      kind: 'shell',
      script: 'echo "$' + '{RUNBOOK_WHO}"\n',
      environment: { RUNBOOK_WHO: EVIL },
    })
  })

  it('without a shell it is one word', () => {
    expect(make('```bash {step=a shell=no}\necho -- {{who}} "b c"\n```\n')).toMatchObject({
      words: ['echo', '--', EVIL, 'b c'],
    })
  })

  it('in SQL it is a parameter, and reading is all that a block may do unless it is dangerous', () => {
    const fence = (flags: string) => `\`\`\`sql {step=a to=env:DB${flags}}\nselect {{who}}, {{who}}\n\`\`\`\n`
    expect(make(fence(''))).toMatchObject({ query: 'select $1, $1\n', values: [EVIL], isReadOnly: true })
    expect(make(fence(' danger'))).toMatchObject({ isReadOnly: false })
  })

  it('in a request it is encoded for its place', () => {
    const fence = '```http {step=a}\nPUT http://x/{{who}}\nx-operator: {{who}}\n\n{"who": "{{who}}"}\n```\n'
    const made = make(fence, 'a/"b"\nc')
    expect(made).toEqual({
      kind: 'http',
      method: 'PUT',
      url: 'http://x/a%2F%22b%22%0Ac',
      headers: { 'x-operator': 'a/"b" c' },
      body: '{"who": "a/\\"b\\"\\nc"}',
    })
  })

  it('in PromQL it stays inside its quotes', () => {
    expect(make('```promql {step=a to=http://p}\nup{job="{{who}}"}\n```\n', 'a"b')).toMatchObject({
      query: 'up{job="a\\"b"}',
    })
  })
})
