import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildVault, checkVault, type KnownComponent } from '../index.ts'

interface Given {
  readonly components?: readonly Partial<KnownComponent>[]
  readonly today?: string
}

function check(pages: Readonly<Record<string, string>>, { components, today = '2026-03-01' }: Given = {}): string[] {
  const where = { file: 'system/m.yaml', line: 3, column: 5 }
  const known = components?.map((part) => ({
    id: 'x',
    title: 'X',
    isCritical: false,
    runbook: undefined,
    waivedUntil: undefined,
    where,
    ...part,
  }))
  const vault = buildVault({ texts: Object.entries(pages).map(([file, text]) => ({ file, text })) })
  return checkVault(vault, { today, components: known, regions: ['dashboard'] }).map(
    ({ kind, severity, where, message }) =>
      `${where.file}:${where.line}:${where.column} ${kind}${severity === 'warning' ? '?' : ''}: ${message}`,
  )
}

describe('links', () => {
  it.each([
    ['x [[Nowhere]]', 'README.md:1:3 broken-link: "Nowhere" is not in the vault. Correct the link.'],
    ['[[Pagge]]', 'README.md:1:1 broken-link: "Pagge" is not in the vault. Did you mean "Page"? Correct the link.'],
    ['![[gone.png]]', 'README.md:1:1 missing-embed: "gone.png" is not in the vault. Correct the link.'],
    ['[[Page#Nothing]]', 'README.md:1:1 missing-heading: Page.md has no heading "Nothing". Correct the link.'],
    [
      '[[Page#^b]]',
      'README.md:1:1 missing-block: Page.md has no block "^b". Correct the link, or end a block with ^b.',
    ],
    [
      '[[page]]',
      'README.md:1:1 case-mismatch: "page" is spelled "Page.md". Write it so: Linux and GitHub tell capitals apart.',
    ],
    [
      '[[Page]] [[twin]]',
      'README.md:1:10 ambiguous-link: "twin" may be a/twin.md or b/twin.md. Write more of the path.',
    ],
    ['[a](javascript:x)', 'README.md:1:1 unsafe-link: "javascript:x" would run something. Remove the link.'],
    [
      '[a](../../etc/passwd)',
      'README.md:1:1 outside-vault: "../../etc/passwd" leads out of the vault, where nobody checks it. Link to a page or an address.',
    ],
  ])('%j', (text, expected) => {
    const others = { 'Page.md': '# The *Title*: 1\n\ntext ^id\n## Below\n', 'a/twin.md': '', 'b/twin.md': '' }
    expect(check({ 'README.md': text, ...others }).filter((line) => !line.includes('orphan'))).toEqual([expected])
  })

  it('headings are found as Obsidian and as GitHub spell them, and below each other', () => {
    const page = '# The *Title*: 1\n## Below\n# Other\n## Below\n'
    const text =
      '[[Page#the title 1]] [[Page#The Title 1#Below]] [t](Page.md#the-title-1) [t](Page.md#below-1) [[Page#Other#Below]]'
    expect(check({ 'README.md': text, 'Page.md': page })).toEqual([])
  })
})

it('embeds in a circle are found once for each embed that closes one', () => {
  expect(check({ 'README.md': '![[a]]', 'a.md': '![[b]]', 'b.md': '\n![[a]]' })).toEqual([
    'b.md:2:1 embed-cycle: This embed never ends: a.md → b.md → a.md. Link to the page instead of embedding it.',
  ])
})

it('a page may embed another section of its own', () => {
  expect(check({ 'README.md': '# A\n![[#B]]\n# B\ntext\n' })).toEqual([])
  expect(check({ 'README.md': '# A\n![[#A]]\n' })).toHaveLength(1)
})

it('a page that nothing links to is a warning, unless people start there', () => {
  expect(check({ 'README.md': '', 'a.md': '[[a]]', 'i.md': '---\ntype: index\n---\n' })).toEqual([
    'a.md:1:1 orphan?: No page links here. Link to it, or give it `type: index` if people start there.',
  ])
})

describe('reviews', () => {
  const page = (properties: string) => ({ 'README.md': `---\n${properties}\n---\n` })
  it('are due one month, or three, after the last', () => {
    const late = check(page('review: monthly\nreviewed: 2026-01-31'))
    expect(late).toEqual([
      'README.md:3:1 review-overdue?: The monthly review was due on 2026-02-28; the last was on 2026-01-31. Review the page, then change reviewed.',
    ])
    expect(check(page('review: quarterly\nreviewed: 2025-12-01'))).toEqual([])
    expect(check(page('review: quarterly\nreviewed: 2025-11-30'))).toHaveLength(1)
  })

  it('state a known cycle and a day', () => {
    expect(check(page('review: often\nreviewed: 2026-01-01'))).toEqual([
      'README.md:2:1 review: review must be monthly, quarterly or yearly. Correct it.',
    ])
    expect(check(page('review: monthly\nreviewed: 2026-02-30'))).toEqual([
      'README.md:3:1 review: reviewed must be the day of the last review, such as 2026-01-08. Add it.',
    ])
  })
})

describe('runbooks', () => {
  const runbook = { 'r/RUNBOOK-X.md': '# X\n' }
  it('belong to a component of the model', () => {
    expect(check(runbook, { components: [{ runbook: '[[RUNBOOK-X]]' }] })).toEqual([])
    expect(check(runbook, { components: [{}] })).toEqual([
      'r/RUNBOOK-X.md:1:1 runbook-without-component: This runbook is of no component. Name it under runbook of the component it is for, or give it `component: …`.',
    ])
  })

  it('may name their component, if there is one', () => {
    const text = { 'RUNBOOK-X.md': '---\ncomponent: shop-databse\n---\n' }
    const components = [{ id: 'shop-database' }]
    expect(check({ 'RUNBOOK-X.md': '---\ncomponents: [shop-database]\n---\n' }, { components })).toEqual([])
    expect(check(text, { components })).toEqual([
      'RUNBOOK-X.md:2:1 unknown-component: "shop-databse" is not a component of the model. Did you mean "shop-database"? Correct it.',
    ])
  })

  it('are there for every P0 component that is not waived', () => {
    expect(check({}, { components: [{ isCritical: true }, { isCritical: true, waivedUntil: '2026-03-01' }] })).toEqual([
      'system/m.yaml:3:5 component-without-runbook: X is P0 and has no runbook. Write one, and name it under runbook.',
    ])
  })

  it('are a warning once it has lasted too long that there is none', () => {
    expect(check({}, { components: [{ isCritical: true, waivedUntil: '2026-02-28' }] })).toEqual([
      'system/m.yaml:3:5 component-without-runbook?: X is P0 and has no runbook, which was accepted until 2026-02-28. Write one, and name it under runbook.',
    ])
  })

  it('that the model names are in the vault', () => {
    expect(check({}, { components: [{ runbook: '[[RUNBOOK-Y]]' }] })).toEqual([
      'system/m.yaml:3:5 broken-link: The runbook "RUNBOOK-Y" of X is not in the vault. Write it, or correct its name.',
    ])
  })
})

it('what is wrong with the text of a page is found too, in the order of the page', () => {
  expect(
    check({ 'README.md': '---\na: [\n---\n[[Nowhere]]\n<!-- linchpin:dashbord -->\n<!-- /linchpin -->\n' }).map(
      (line) => line.slice(0, 34),
    ),
  ).toEqual([
    expect.stringMatching(/^README.md:\d:\d page: /),
    'README.md:4:1 broken-link: "Nowher',
    'README.md:5:1 region: There is no ',
  ])
})

it('thirty thousand links to nothing, and a chain of a thousand embeds, are checked', () => {
  const chain = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`p${i}.md`, `![[p${(i + 1) % 1_000}]]`]))
  expect(check({ ...chain, 'README.md': '[[x]]'.repeat(30_000) })).toHaveLength(30_001)
})

it('whatever pages hold, checking them ends and every finding has a place in its page', () => {
  const piece = fc.constantFrom(
    ...[
      '[[a]]',
      '![[b]]',
      '[[a#H]]',
      '[[#^x]]',
      '[t](b.md#h)',
      '[t](../..)',
      '---\n',
      'review: monthly\n',
      '# H\n',
      '\n',
      'x ^x\n',
    ],
    ...[
      '| ',
      '[[c\\|d]]',
      '```\n',
      '<!-- linchpin:dashboard -->\n',
      '<!-- /linchpin -->\n',
      '[[',
      ']]',
      '\u0000',
      'type: runbook\n',
    ],
  )
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))
  const pages = fc.dictionary(fc.constantFrom('a.md', 'b.md', 'x/a.md', 'RUNBOOK-c.md'), text)
  fc.assert(
    fc.property(pages, (pages) => {
      for (const line of check(pages, { components: [] })) {
        const [, file = '', row = ''] = /^(.*?\.md):(\d+):\d+ /.exec(line) ?? []
        expect((pages[file] ?? '').split('\n').length).toBeGreaterThanOrEqual(Number(row))
      }
    }),
  )
})
