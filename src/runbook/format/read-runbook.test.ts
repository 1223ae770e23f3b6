import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../source/index.ts'
import { runbookOf } from '../testing/fake-world.ts'
import { readInfoString } from './attributes.ts'
import { readRunbook } from './read-runbook.ts'
import { listActions } from './runbook.ts'

const STEP = '```bash {step=look}\ntrue\n```\n'
/** Every problem of a page with this body, as `line:column message`. */
function check(body: string, front = ''): string[] {
  const text = `---\ntype: runbook\n${front}---\n${body}`
  return readRunbook({ file: 'a.md', text }).problems.map((problem) => formatProblem(problem).replace(/^a\.md:/, ''))
}

describe('a page', () => {
  it('is a runbook only if it says so', () => {
    expect(readRunbook({ file: 'a.md', text: STEP })).toEqual({ runbook: undefined, problems: [], isRunbook: false })
  })

  it('gives its steps in order, each with the headings and the words before it', () => {
    const { items, title } = runbookOf(
      `# All of it\nLook at it.\n\n${STEP}\n## Then\n\`\`\`bash {step=act}\ntrue\n\`\`\`\n`,
    )
    expect(title).toBe('All of it')
    expect(listActions(items).map(({ id, headings, intro }) => [id, headings, intro])).toEqual([
      ['look', ['All of it'], 'Look at it.'],
      ['act', ['All of it', 'Then'], ''],
    ])
  })

  it('shows what stands between: of the sections that it opens, and of those without blocks', () => {
    const { items } = runbookOf(
      `# A\nNever do that.\n## Who\nAnn.\n## First\nLook.\n${STEP}late\n## Then\nAct.\n\`\`\`bash {step=act}\ntrue\n\`\`\`\n`,
    )
    expect(listActions(items).map(({ intro }) => intro)).toEqual([
      'Never do that.\n## Who\nAnn.\n## First\nLook.',
      'Act.',
    ])
  })

  it('leaves fences without our attributes alone', () => {
    expect(check(`${STEP}\`\`\`js {1,3}\nx\n\`\`\`\n\`\`\`go\nx\n\`\`\`\n`)).toEqual([])
  })

  it('makes one choice of the sections side by side that open with a condition', () => {
    const branch = (name: string) =>
      `## ${name}\n\`\`\`bash {branch=is-${name}}\ntrue\n\`\`\`\n\`\`\`bash {step=do-${name}}\ntrue\n\`\`\`\n`
    const { items } = runbookOf(`# A\n${branch('one')}${branch('two')}## Between\n${STEP}${branch('three')}`)
    const shape = items.map((item) =>
      item.kind === 'step' ? item.step.id : item.branches.map(({ heading }) => heading),
    )
    expect(shape).toEqual([['one', 'two'], 'look', ['three']])
  })

  it('ends a choice with "otherwise": what stands beside it begins the next one', () => {
    const branch = (id: string, flag = '') => `## ${id}\n\`\`\`bash {branch=${id}${flag}}\ntrue\n\`\`\`\n`
    const { items } = runbookOf(`# A\n${STEP}${branch('one')}${branch('else', ' otherwise')}${branch('two')}`)
    expect(items.map((item) => (item.kind === 'step' ? '' : item.branches.map(({ heading }) => heading)))).toEqual([
      '',
      ['one', 'else'],
      ['two'],
    ])
  })

  it('keeps the fences of one step for several environments together', () => {
    const { items } = runbookOf('```bash {step=look}\nhere\n```\n```bash {step=look on=kubernetes}\nthere\n```\n')
    expect(listActions(items).map(({ blocks }) => blocks.map(({ on, content }) => [on, content.trim()]))).toEqual([
      [
        [undefined, 'here'],
        ['kubernetes', 'there'],
      ],
    ])
  })
})

describe('a mistake is told where it is', () => {
  it.each([
    [
      '```bash {step=look timout=3s}\ntrue\n```\n',
      '4:20 "timout" is no attribute. Did you mean "timeout"? Correct or remove it.',
    ],
    ['```bash {step=look timeout=3}\ntrue\n```\n', '4:20 "3" is not a duration. Write it as timeout=30s.'],
    [
      '```bash {timeout=3s}\ntrue\n```\n',
      '4:4 It has no role. Give it one of step=NAME, branch=NAME, verify=STEP, undo=STEP.',
    ],
    [
      '```python {step=a}\ntrue\n```\n',
      '4:4 "python" blocks cannot be carried out. Use one of bash, sql, http, promql, manual.',
    ],
    ['```bash {step=look danger=yes}\ntrue\n```\n', '4:20 "danger" has no value. Write it alone.'],
    [
      '```bash {step=look expect=/(/}\ntrue\n```\n',
      '4:20 "/(/" is not a regular expression (Invalid regular expression: /(/m: Unterminated group). Correct it.',
    ],
    [
      '```bash {step=look expect="$.a[?x]"}\ntrue\n```\n',
      '4:20 "$.a[?x]" is not a JSONPath of the kind $.name[0].other, with == != >= <= > < and a value. Correct it.',
    ],
    ['```bash {step=look\ntrue\n```\n', '4:19 The braces are not closed. Add } at the end of the line.'],
    [
      '```bash {step=look}\necho {{name}}\n```\n',
      '5:6 Nothing gives "{{name}}" a value. Ask for it under prompts, or capture it in a step before.',
    ],
    ['```sql {step=look}\nselect 1\n```\n', '5:1 A sql block has to say where it goes. Add to=URL or to=env:NAME.'],
    ['```http {step=look}\nlocalhost\n```\n', '5:1 The first line is METHOD URL, such as GET http://… Correct it.'],
    ['```bash {step=look shell=no}\necho "a\n```\n', '5:1 A quote is not closed. Close it.'],
    ['```bash {step=look to=x}\ntrue\n```\n', '4:20 "to" is for sql and promql blocks. Remove it.'],
  ])('%j', (body, problem) => {
    expect(check(`${body}\n`).filter((line) => !line.includes('has no step'))).toContain(problem)
  })

  it('all at once, also those of the front matter', () => {
    expect(check(`${STEP}${STEP}\`\`\`bash {verify=lok}\ntrue\n\`\`\`\n`, 'rto: 5\nunattended: [lok]\n')).toEqual([
      '3:1 "rto" must be a duration such as "5m". Correct it.',
      '9:4 "look" is here twice for every environment; the first is on line 6. Rename one, or say which environment it is for with on=NAME.',
      '12:4 There is no step "lok" in this section to verify. Put it below its step.',
    ])
  })

  it('a target without a sight of recovery cannot be held', () => {
    expect(check(STEP, 'rto: 5m\n')).toEqual([
      '3:1 Nothing says when recovery is complete, so this target cannot be held. Mark the step or verification that shows it: recovery.',
    ])
  })

  it('a condition only looks, and opens its section', () => {
    const branch = (id: string, flags = '') => `## ${id}\n\`\`\`bash {branch=${id}${flags}}\ntrue\n\`\`\`\n`
    expect(check(`${STEP}# A\n${branch('one', ' otherwise danger')}${branch('two')}`)).toEqual([
      '9:4 "one" only looks, and must not be dangerous. Make it a step.',
    ])
    expect(check(`# A\n${STEP}\`\`\`bash {branch=late}\ntrue\n\`\`\`\n`)[0]).toContain('does not open its section')
  })

  it('bash would not fill in what stands between single quotes', () => {
    expect(
      check(
        "```bash {step=look}\necho \"it's {{who}}\"\necho 'for {{who}}'\n```\n",
        'prompts: { who: { ask: Who } }\n',
      ),
    ).toEqual([])
    expect(check("```bash {step=look}\necho 'for {{who}}'\n```\n", 'prompts: { who: { ask: Who } }\n')).toEqual([
      '6:11 bash does not fill in "{{who}}" between single quotes. Use double quotes.',
    ])
  })
})

describe('an info string', () => {
  it('whatever it holds, is read to a mistake inside it or to none', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'bash{} =/\\"a1.\t') }), (text) => {
        const read = readInfoString(text)
        for (const { offset } of read?.attributes ?? []) expect(offset).toBeLessThan(text.length)
        expect(read?.mistake?.offset ?? 0).toBeLessThanOrEqual(text.length)
      }),
    ))

  it('keeps backslashes, which regular expressions need', () => {
    expect(readInfoString('bash {expect="a \\d \\" \\\\" x=/a\\/b/i}')?.attributes.map(({ value }) => value)).toEqual([
      'a \\d " \\',
      '/a\\/b/i',
    ])
  })
})
