import MarkdownIt from 'markdown-it'
import MiniSearch from 'minisearch'
import { findBacklinks, type Heading, type Link, type Page, resolveLink, type Vault } from '../../vault/index.ts'
import type { DocEntry, DocHit, DocPage, HubDocs } from '../contract/docs.ts'

const HITS_MAX = 20
const EXCERPT_MAX = 140

/** HTML in a page is text: nothing that a note holds becomes markup of ours. */
const markdown = new MarkdownIt({ html: false })

/** The pages of a vault for reading: rendered, linked both ways, searched with typing errors allowed. */
export function readDocs(vault: Vault): HubDocs {
  const entries = [...vault.pages.values()].map(describe).sort((a, b) => (a.path < b.path ? -1 : 1))
  let index: MiniSearch<Passage> | undefined
  return {
    list: () => entries,
    page: (name) => {
      const page = findPage(vault, name)
      return page && renderPage(vault, page)
    },
    search: (words) => {
      index ??= buildIndex(vault)
      return index
        .search(words)
        .slice(0, HITS_MAX)
        .map((hit) => toHit(hit as unknown as Passage, words))
    },
  }
}

/** By path, or by name as a wikilink would name it: so the model names runbooks. */
function findPage(vault: Vault, name: string): Page | undefined {
  const exact = vault.pages.get(name)
  if (exact) return exact
  const found = resolveLink(vault, '', { kind: 'wikilink', target: name })
  return found.kind === 'page' && name !== '' ? vault.pages.get(found.path) : undefined
}

function describe({ path, headings, frontMatter }: Page): DocEntry {
  const title = headings.find(({ level }) => level === 1)?.text
  return {
    path,
    title: title ?? (path.split('/').at(-1) ?? path).replace(/\.md$/, ''),
    isIndex: frontMatter?.value.type === 'index',
  }
}

function renderPage(vault: Vault, page: Page): DocPage {
  const anchors = nameHeadings(page.headings)
  const backlinks = new Map(findBacklinks(vault, page.path).map((link) => [link.page.path, describe(link.page)]))
  return {
    ...describe(page),
    html: render(plainMarkdown(vault, page), anchors),
    outline: page.headings.map(({ level, text }, i) => ({ level, text, anchor: anchors[i] ?? '' })),
    backlinks: [...backlinks.values()],
  }
}

/** Front matter and comments are left out; links of every kind become Markdown links to pages of the hub. */
function plainMarkdown(vault: Vault, page: Page): string {
  const edits = [
    ...(page.frontMatter ? [{ ...page.frontMatter, text: '' }] : []),
    ...page.comments.map((comment) => ({ ...comment, text: '' })),
    ...page.links
      .filter(({ heading, start }) => heading || start >= (page.frontMatter?.end ?? 0))
      .map((link) => ({ ...link, text: rewrite(vault, page, link) })),
  ].sort((a, b) => b.start - a.start)
  let text = page.text
  let before = text.length
  for (const edit of edits) {
    if (edit.end > before) continue
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end)
    before = edit.start
  }
  return text
}

function rewrite(vault: Vault, page: Page, link: Link): string {
  const written = page.text.slice(link.start, link.end)
  const resolved = resolveLink(vault, page.path, link)
  const label = (
    link.alias ??
    ([link.target, ...link.headings].filter((part) => part !== '').join(' › ') || page.path)
  ).replaceAll(/([\\[\]|<>*_`])/g, '\\$1')
  if (resolved.kind === 'page') {
    const anchor = link.headings.length > 0 ? `#${slug(link.headings.at(-1) ?? '')}` : ''
    return `[${label}](/docs?page=${encodeURIComponent(resolved.path)}${anchor})`
  }
  if (resolved.kind === 'address') return link.kind === 'markdown' ? written : label
  return label
}

function render(text: string, anchors: readonly string[]): string {
  const tokens = markdown.parse(text, {})
  let next = 0
  for (const token of tokens) if (token.type === 'heading_open') token.attrSet('id', anchors[next++] ?? '')
  for (const token of tokens)
    for (const child of token.children ?? [])
      if (child.type === 'link_open' && !String(child.attrGet('href')).startsWith('/docs?')) {
        child.attrSet('rel', 'noreferrer')
        child.attrSet('target', '_blank')
      }
  // What scrolls sideways must do so by keyboard too. No text of a page can hold this tag: it would be escaped.
  return markdown.renderer.render(tokens, markdown.options, {}).replaceAll('<pre>', '<pre tabindex="0">')
}

function nameHeadings(headings: readonly Heading[]): string[] {
  const used = new Map<string, number>()
  return headings.map(({ text }) => {
    const name = slug(text)
    const count = used.get(name) ?? 0
    used.set(name, count + 1)
    return count === 0 ? name : `${name}-${count}`
  })
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

/** What is found: the part of a page under one heading. */
interface Passage {
  readonly id: string
  readonly path: string
  readonly title: string
  readonly heading: string
  readonly text: string
}

function buildIndex(vault: Vault): MiniSearch<Passage> {
  const index = new MiniSearch<Passage>({
    fields: ['title', 'heading', 'text'],
    storeFields: ['path', 'title', 'heading', 'text'],
    searchOptions: { prefix: true, fuzzy: typosIn, boost: { title: 3, heading: 2 }, combineWith: 'AND' },
  })
  index.addAll([...vault.pages.values()].flatMap(listPassages))
  return index
}

/** Two letters that changed places are two mistakes; in a short word, any mistake makes another word. */
function typosIn(word: string): number {
  return word.length < 4 ? 0 : word.length < 5 ? 1 : 2
}

function listPassages(page: Page): Passage[] {
  const { title, path } = describe(page)
  const starts = page.headings.map(({ contentStart }) => contentStart)
  const first = page.headings[0]?.start ?? page.text.length
  const intro = { heading: '', from: page.frontMatter?.end ?? 0, to: first }
  const sections = page.headings.map((heading, i) => ({
    heading: heading.text,
    from: starts[i] ?? 0,
    to: page.headings[i + 1]?.start ?? page.text.length,
  }))
  return [intro, ...sections].map(({ heading, from, to }, i) => ({
    id: `${path} ${i}`,
    path,
    title,
    heading,
    text: page.text.slice(from, to),
  }))
}

function toHit({ path, title, heading, text }: Passage, words: string): DocHit {
  const flat = text.replaceAll(/\s+/g, ' ')
  const at = flat.toLowerCase().indexOf(words.trim().toLowerCase().split(' ')[0] ?? '')
  const from = Math.max(0, at - 40)
  return { path, title, heading: heading === '' ? undefined : heading, excerpt: flat.slice(from, from + EXCERPT_MAX) }
}
