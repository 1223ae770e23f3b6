import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildVault, findBacklinks, readPage, resolveLink, updateVault, type Vault } from './index.ts'

type Pages = Readonly<Record<string, string>>
const vaultOf = (pages: Pages, rest: { otherFiles?: string[]; mount?: string } = {}): Vault =>
  buildVault({ texts: Object.entries(pages).map(([file, text]) => ({ file, text })), ...rest })

/** Where the first link of `a.md` (or of `from`) leads: a path, or what is wrong. */
function follow(
  link: string,
  pages: Pages,
  rest: { otherFiles?: string[]; mount?: string; from?: string } = {},
): string {
  const { from = 'a.md' } = rest
  const vault = vaultOf({ ...pages, [from]: link }, rest)
  const [first] = readPage(from, link).links
  if (!first) return 'no link'
  const resolution = resolveLink(vault, from, first)
  if (!('path' in resolution)) return resolution.kind
  return `${resolution.path}${resolution.isSpelledSo ? '' : ' (spelled otherwise)'}`
}

describe('a wikilink', () => {
  const pages = {
    'x/Note.md': '',
    'y/Deep/Other.md': '',
    'y/README.md': '',
    'x/Twin.md': '',
    'y/Twin.md': '',
    'z/z.md': '',
  }
  it.each([
    ['[[Note]]', 'x/Note.md'],
    ['[[Note.md]]', 'x/Note.md'],
    ['[[x/Note]]', 'x/Note.md'],
    ['[[/x/Note]]', 'x/Note.md'],
    ['[[Deep/Other]]', 'y/Deep/Other.md'],
    ['[[note]]', 'x/Note.md (spelled otherwise)'],
    ['[[X/Note]]', 'x/Note.md (spelled otherwise)'],
    ['[[Twin]]', 'ambiguous'],
    ['[[y/Twin]]', 'y/Twin.md'],
    ['[[z]]', 'z/z.md'],
    ['[[y]]', 'y/README.md'],
    ['[[./x/Note]]', 'x/Note.md'],
    ['[[../Note]]', 'outside'],
    ['[[x/../../Note]]', 'outside'],
    ['[[Nothing]]', 'broken'],
    ['[[Q1: plan]]', 'broken'],
    ['[[#Here]]', 'a.md'],
    ['[[javascript:alert(1)]]', 'unsafe'],
  ])('%s leads to %s', (link, expected) => expect(follow(link, pages)).toBe(expected))

  it('whose whole path exists wins over pages that only end so', () => {
    expect(follow('[[Twin]]', { ...pages, 'Twin.md': '' })).toBe('Twin.md')
  })

  it('below the mount path is a path from the root, and nothing else', () => {
    const mounted = { mount: 'Work/Teams/Shop' }
    expect(follow('[[Work/Teams/Shop/x/Note|A note]]', pages, mounted)).toBe('x/Note.md')
    expect(follow('[[Work/Teams/Shop/Note]]', pages, mounted)).toBe('broken')
    expect(follow('[[Work/Teams/Shop/x/Note]]', pages)).toBe('broken')
  })

  it('may name any file of the vault', () => {
    expect(follow('![[plan.svg]]', pages, { otherFiles: ['img/plan.svg'] })).toBe('img/plan.svg')
  })

  it('composed and decomposed letters are the same name', () => {
    expect(follow('[[Cafe\u0301]]', { 'Caf\u00e9.md': '' })).toBe('Caf\u00e9.md')
  })
})

describe('a Markdown link', () => {
  const pages = { 'x/Note.md': '', 'x/B c.md': '' }
  it.each([
    ['[t](x/Note.md)', 'x/Note.md', 'a.md'],
    ['[t](Note.md#h)', 'x/Note.md', 'x/from.md'],
    ['[t](../x/B%20c.md)', 'x/B c.md', 'x/from.md'],
    ['[t](/x/Note.md)', 'x/Note.md', 'x/from.md'],
    ['[t](Note.md)', 'broken', 'a.md'],
    ['[t](../../Note.md)', 'outside', 'x/from.md'],
    ['[t](https://example.org/x)', 'address', 'a.md'],
    ['[t](<java\u0001script:alert(1)>)', 'unsafe', 'a.md'],
    ['[t](<data:text/html,x>)', 'unsafe', 'a.md'],
  ])('%j leads to %s', (link, expected, from) => expect(follow(link, pages, { from })).toBe(expected))
})

it('backlinks are the links of other pages, however they name it', () => {
  const vault = vaultOf({
    'x/Note.md': '[[#Own]]',
    'a.md': '[[Note]] [[Other]]',
    'b.md': 'see [n](x/Note.md)',
    'c.md': '',
  })
  expect(findBacklinks(vault, 'x/Note.md').map(({ page, link }) => [page.path, link.start])).toEqual([
    ['a.md', 0],
    ['b.md', 4],
  ])
})

it('an updated vault is the vault that would have been built anew', () => {
  const name = fc.constantFrom('a.md', 'x/a.md', 'x/b.md', 'c.md', 'README.md', 'x/README.md')
  const text = fc
    .array(fc.constantFrom('[[a]]', '[[x/b]]', '[[c]]', '[b](x/b.md)', '[[x]]', '# H'), { maxLength: 4 })
    .map((lines) => lines.join('\n'))
  const change = fc.tuple(name, fc.option(text, { nil: undefined }))
  fc.assert(
    fc.property(fc.dictionary(name, text), fc.array(change, { maxLength: 6 }), (start, changes) => {
      const pages = new Map(Object.entries(start))
      let updated = vaultOf(start)
      for (const [path, text] of changes) {
        updated = updateVault(updated, path, text)
        if (text === undefined) pages.delete(path)
        else pages.set(path, text)
      }
      const anew = vaultOf(Object.fromEntries(pages))
      const backlinksOf = (vault: Vault) =>
        [...pages.keys()]
          .sort()
          .map((path) => findBacklinks(vault, path).map(({ page, link }) => [page.path, link.start]))
      expect([...updated.pages.keys()].sort()).toEqual([...anew.pages.keys()].sort())
      expect(backlinksOf(updated)).toEqual(backlinksOf(anew))
    }),
  )
})
