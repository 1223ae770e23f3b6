import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPosition, positionOf } from '../../source/index.ts'
import { PAGE_LIMITS, readPage } from './read-page.ts'

const read = (text: string) => readPage('a.md', text)
/** Each link as its kind, its parts and the text that its offsets cut out. */
const links = (text: string) =>
  read(text).links.map(({ kind, target, headings, block, alias, start, end }) => {
    const parts = [target, ...headings.map((heading) => `#${heading}`), block === undefined ? '' : `^${block}`]
    return `${kind} ${parts.join('')}${alias === undefined ? '' : ` as ${alias}`}: ${text.slice(start, end)}`
  })

describe('the front matter', () => {
  it('is plain data that knows where each key stands', () => {
    const { frontMatter, problems } = read('---\ntype: index\nreview: monthly\n---\n# A\n')
    expect(frontMatter?.value).toEqual({ type: 'index', review: 'monthly' })
    expect(positionOf(frontMatter?.value, ['review'])).toEqual({ file: 'a.md', line: 3, column: 1 })
    expect(problems).toEqual([])
  })

  it('that is no YAML is one problem, and the rest of the page is read', () => {
    const page = read('---\na: [1,\nb: : 2\n---\n# A\n[[b]]\n')
    expect(page.problems.map(({ where }) => formatPosition(where))).toEqual(['a.md:3:1'])
    expect([page.frontMatter, page.headings[0]?.text, page.links[0]?.where.line]).toEqual([undefined, 'A', 6])
  })

  it('that is no mapping is one problem', () => {
    expect(read('---\n- a\n---\n').problems.map(({ message }) => message)).toEqual([
      'The front matter is not a list of properties. Write `name: value` lines between the two ---.',
    ])
  })

  it('needs its second ---; without it the page starts with a line', () => {
    expect(read('---\na: 1\n').frontMatter).toBeUndefined()
  })

  it('holds wikilinks as text', () => {
    expect(links('---\nrelated: "[[B#C|see]]"\n---\n')).toEqual(['wikilink B#C as see: [[B#C|see]]'])
  })
})

it('a byte order mark is no part of the first line', () => {
  expect(read('\uFEFF# A\n').headings.map(({ text }) => text)).toEqual(['A'])
  expect(read('\uFEFF---\na: 1\n---\n').frontMatter?.value).toEqual({ a: 1 })
})

describe('headings', () => {
  it('know their section: up to the next heading of the same level or above', () => {
    const text = '# A\none\n## B\ntwo\n# C\n'
    const sections = read(text).headings.map(({ contentStart, sectionEnd }) => text.slice(contentStart, sectionEnd))
    expect(sections).toEqual(['one\n## B\ntwo\n', 'two\n', ''])
  })

  it('may be underlined, and stand after front matter and with any line ends', () => {
    const page = read('---\r\na: 1\r\n---\r\nTitle\r\n=====\r\nx\r\n## Next ##\r\n')
    expect(page.headings.map(({ level, text, where }) => [level, text, where.line])).toEqual([
      [1, 'Title', 4],
      [2, 'Next', 7],
    ])
  })
})

describe('fences', () => {
  it('keep their info string, content and the heading they stand under', () => {
    const text = '# A\n## B\n- item\n  ```bash {step=x}\n  ls\n  ```\n'
    const [fence] = read(text).fences
    expect([fence?.info, fence?.language, fence?.content, fence?.heading?.text]).toEqual([
      'bash {step=x}',
      'bash',
      'ls\n',
      'B',
    ])
    expect(fence?.where).toEqual({ file: 'a.md', line: 4, column: 3 })
    expect(text.slice(fence?.start, fence?.end)).toBe('  ```bash {step=x}\n  ls\n  ```\n')
  })
})

describe('links', () => {
  const cases: [string, string[]][] = [
    ['[[A]]', ['wikilink A: [[A]]']],
    ['see [[x/y|The Y]].', ['wikilink x/y as The Y: [[x/y|The Y]]']],
    ['[[A#B#C]] [[#Here]]', ['wikilink A#B#C: [[A#B#C]]', 'wikilink #Here: [[#Here]]']],
    ['[[A#^b1]]', ['wikilink A^b1: [[A#^b1]]']],
    ['![[pic.png|200]]', ['embed pic.png as 200: ![[pic.png|200]]']],
    ['[t](../a%20b.md#c "d")', ['markdown ../a b.md#c as t: [t](../a%20b.md#c "d")']],
    ['[t](<a b.md>) ![i](p_(1).png)', ['markdown a b.md as t: [t](<a b.md>)', 'image p_(1).png as i: ![i](p_(1).png)']],
    ['[![a](b.png)](c.md)', ['markdown c.md as ![a](b.png): [![a](b.png)](c.md)', 'image b.png as a: ![a](b.png)']],
    ['[r]: /x.md', ['markdown /x.md as r: [r]: /x.md']],
    ['> - [[A]]\n>   [[B]]', ['wikilink A: [[A]]', 'wikilink B: [[B]]']],
    ['| a |\n|---|\n| [[A\\|b]] |', ['wikilink A as b: [[A\\|b]]']],
    ['[[A', []],
    ['[[A\nB]]', []],
    ['[[]] [[ ]]', []],
    ['\\[[A]]', []],
    ['[[[[A]]', ['wikilink A: [[A]]']],
  ]
  it.each(cases)('%j', (text, expected) => expect(links(text)).toEqual(expected))

  it('in code or in comments are none', () => {
    expect(links('`[[A]]` ``[[B]]`[[C]]`` <!-- [[D]] -->\n\n    [[E]]\n\n```\n[[F]]\n```\n<!-- [[G]] -->\n')).toEqual(
      [],
    )
  })

  it('after a backtick that nothing closes are links', () => {
    expect(links('a ` b [[A]]')).toEqual(['wikilink A: [[A]]'])
  })

  it('in a table need a backslash before their bar', () => {
    const { problems, links } = read('| a | b |\n|---|---|\n| [[A|b]] |\n')
    expect(links).toEqual([])
    expect(problems.map(({ where, message }) => `${formatPosition(where)} ${message}`)).toEqual([
      'a.md:3:3 The bar of this wikilink ends the cell of the table. Write \\| instead of |.',
    ])
  })
})

it('blocks are named by ^name at the end of a line', () => {
  expect(read('text ^b1\n\n- item ^c\n\n`x^2`\n').blockIds.map(({ id, where }) => [id, where.line])).toEqual([
    ['b1', 1],
    ['c', 3],
  ])
})

it('comments that stand alone are found, except in code', () => {
  expect(
    read('<!-- a -->\nx <!-- b -->\n```\n<!-- c -->\n```\n\n<!-- d --> e\n').comments.map(({ text }) => text),
  ).toEqual(['a'])
})

describe('a hostile page', () => {
  it('is refused by its size before it is read', () => {
    const page = read('x'.repeat(PAGE_LIMITS.charactersMax + 1))
    expect(page.problems.map(({ message }) => message)).toEqual([
      'The page has more than 500000 characters or 20000 lines, and is not read. Split it.',
    ])
    expect(read('\n'.repeat(PAGE_LIMITS.linesMax)).problems).toHaveLength(1)
  })

  const size = PAGE_LIMITS.charactersMax - 10
  const fill = (text: string) => text.repeat(Math.floor(size / text.length))
  it.each(['[[', '[', ']', '`', '![[', '](', '[](', '<!--', '\\', '[[a|', '- ', '> ', '|', '^a ', '***a'])(
    'of %j alone is read',
    (mark) => {
      expect(read(fill(mark)).text).toHaveLength(fill(mark).length)
    },
  )

  it('of backticks in every number is read', () => {
    const text = Array.from({ length: 900 }, (_, i) => '`'.repeat(i + 1)).join(' ')
    expect(read(text).links).toEqual([])
  })

  it('of 10,000 nested lists is read', () => {
    expect(read(`${'- '.repeat(10_000)}[[A]]`).problems).toEqual([])
  })

  it('never throws, and every offset is that of its position', () => {
    const piece = fc.constantFrom(
      '[[',
      ']]',
      '|',
      '\\',
      '#',
      '^a',
      '![',
      '](',
      ')',
      '`',
      '```',
      '\n',
      '\r\n',
      '\r',
      '---',
      '> ',
      '- ',
      '<!--',
      '-->',
      'a',
      ' ',
      '\u0000',
      '😀',
    )
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, (text) => {
        const page = read(text)
        const starts = text.split(/\r\n|\r|\n/g)
        for (const { start, end, where } of [...page.links, ...page.comments, ...page.blockIds]) {
          expect(end).toBeGreaterThan(start)
          const before = text.slice(0, start).split(/\r\n|\r|\n/g)
          expect([where.line, where.column]).toEqual([before.length, (before.at(-1) ?? '').length + 1])
          expect(starts.length).toBeGreaterThanOrEqual(where.line)
        }
        for (const { start, end } of page.links) expect(text.slice(start, end)).toMatch(/^!?\[/)
      }),
    )
  })
})
