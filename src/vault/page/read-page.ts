import MarkdownIt, { type Token } from 'markdown-it'
import { lazy, type Problem } from '../../source/index.ts'
import { findLinks, findPropertyLinks } from './find-links.ts'
import type { FoundLink } from './found-link.ts'
import { readFrontMatter } from './front-matter.ts'
import { findLines, type Lines } from './lines.ts'
import { readDefinition } from './markdown-link.ts'
import type { BlockId, Comment, Fence, Heading, Link, Page } from './page.ts'

/** What a page may hold: reading costs about 30 µs a line on a slow machine, so the worst page takes under a second. */
export const PAGE_LIMITS = { charactersMax: 500_000, linesMax: 20_000 }

/** Only blocks are parsed here: links are found in the text itself, because inline tokens have no offsets. */
const blockParser = lazy(() => {
  const parser = new MarkdownIt({ html: true })
  parser.core.ruler.enableOnly(['normalize', 'block'])
  return parser
})

/**
 * Reads a page of Markdown with Obsidian's additions. Pure and bounded; never throws. A page over `PAGE_LIMITS`, or
 * with front matter that is no YAML, has a problem and is otherwise read as far as it can be.
 */
export function readPage(path: string, text: string): Page {
  const lines = text.length > PAGE_LIMITS.charactersMax ? undefined : findLines(path, text)
  if (!lines || lines.count > PAGE_LIMITS.linesMax) return refusePage(path, text)
  const { frontMatter, problems, end } = readFrontMatter(path, text)
  const reader = new BlockReader(text, lines)
  reader.addLinks(end > 0 ? findPropertyLinks(text, 0, end) : [])
  const above = '\n'.repeat(lines.positionOf(end).line - 1)
  reader.read(blockParser().parse(above + text.slice(end).replace(/^\uFEFF/, ''), {}))
  const headings = closeSections(reader.headings, text.length)
  const under = createHeadingFinder(headings, end)
  return {
    path,
    text,
    frontMatter,
    headings,
    fences: reader.fences.map((fence) => ({ ...fence, heading: under(fence.start) })),
    links: reader.links.map((link) => ({ ...link, heading: under(link.start) })),
    blockIds: reader.blockIds,
    comments: reader.comments,
    problems: [...problems, ...reader.problems],
  }
}

function refusePage(path: string, text: string): Page {
  const { charactersMax, linesMax } = PAGE_LIMITS
  const message = `The page has more than ${charactersMax} characters or ${linesMax} lines, and is not read. Split it.`
  const problems = [{ where: { file: path, line: 1, column: 1 }, message }]
  return {
    path,
    text,
    frontMatter: undefined,
    headings: [],
    fences: [],
    links: [],
    blockIds: [],
    comments: [],
    problems,
  }
}

/** Collects what is in a page from its block tokens, whose line numbers are those of the text. */
class BlockReader {
  readonly headings: Omit<Heading, 'sectionEnd'>[] = []
  readonly fences: Omit<Fence, 'heading'>[] = []
  readonly links: Omit<Link, 'heading'>[] = []
  readonly blockIds: BlockId[] = []
  readonly comments: Comment[] = []
  readonly problems: Problem[] = []
  readonly #text: string
  readonly #lines: Lines

  constructor(text: string, lines: Lines) {
    this.#text = text
    this.#lines = lines
  }

  read(tokens: readonly Token[]): void {
    tokens.forEach((token, i) => {
      if (!token.map) return
      const start = this.#lines.startOf(token.map[0])
      const end = this.#lines.startOf(token.map[1])
      if (token.type === 'heading_open' && token.level === 0) this.#addHeading(token, tokens[i + 1], { start, end })
      else if (token.type === 'fence') this.#addFence(token, { start, end })
      else if (token.type === 'inline') this.#addText(start, end)
      else if (token.type === 'tr_open') this.#addRow(start, end)
      else if (token.type === 'html_block') this.#addComment(token, start)
      else if (token.type === 'reference_definition')
        this.addLinks([readDefinition(this.#text, start, end)].filter((link) => link !== undefined))
    })
  }

  addLinks(found: readonly FoundLink[]): void {
    for (const link of found) this.links.push({ ...link, where: this.#lines.positionOf(link.start) })
  }

  #addHeading(token: Token, inline: Token | undefined, { start, end }: { start: number; end: number }): void {
    const [first, next] = token.map ?? [0, 1]
    const isUnderlined = token.markup === '-' || token.markup === '='
    this.headings.push({
      level: Number(token.tag.slice(1)),
      text: (inline?.content ?? '').trim(),
      where: this.#lines.positionOf(start),
      start,
      end,
      contentStart: this.#lines.startOf(isUnderlined ? next : first + 1),
    })
  }

  #addFence({ info, content, markup }: Token, { start, end }: { start: number; end: number }): void {
    const language = /^\s*([^\s{]*)/.exec(info)?.[1]?.toLowerCase() ?? ''
    const mark = Math.max(this.#text.indexOf(markup, start), start)
    const where = this.#lines.positionOf(mark)
    this.fences.push({ info: info.trim(), language, content, where, start, end })
  }

  #addText(start: number, end: number): void {
    this.addLinks(findLinks(this.#text, start, end))
    for (const { index, 1: id = '' } of this.#text.slice(start, end).matchAll(/(?<=^|\s)\^([A-Za-z0-9-]+)[ \t]*$/gm)) {
      const from = start + index
      this.blockIds.push({ id, start: from, end: from + 1 + id.length, where: this.#lines.positionOf(from) })
    }
  }

  /** A bar ends a cell even inside brackets or backticks, unless a backslash stands before it. */
  #addRow(start: number, end: number): void {
    const row = this.#text.slice(start, end)
    let cell = 0
    for (const { index } of row.matchAll(/(?<!\\)\||$/g)) {
      this.addLinks(findLinks(this.#text, start + cell, start + index))
      cell = index + 1
    }
    for (const { index } of row.matchAll(/\[\[[^[\]|]*(?<!\\)\|[^[\]|]*\]\]/g))
      this.problems.push({
        where: this.#lines.positionOf(start + index),
        message: 'The bar of this wikilink ends the cell of the table. Write \\| instead of |.',
      })
  }

  /** A comment that shares its block with anything else is part of that HTML. */
  #addComment({ content }: Token, offset: number): void {
    const [, whole, text = ''] = /^\s*(<!--(.*)-->)\s*$/.exec(content) ?? []
    if (whole === undefined || text.includes('-->')) return
    const start = this.#text.indexOf(whole, offset)
    if (start >= 0)
      this.comments.push({ text: text.trim(), where: this.#lines.positionOf(start), start, end: start + whole.length })
  }
}

function closeSections(open: readonly Omit<Heading, 'sectionEnd'>[], end: number): Heading[] {
  const closed: Heading[] = []
  const nextOf: number[] = []
  for (let i = open.length - 1; i >= 0; i--) {
    const heading = open[i]
    if (!heading) continue
    // nextOf[level] is where the nearest heading of that level after this one starts.
    const ends = nextOf.slice(0, heading.level + 1).filter((start) => start !== undefined)
    closed.push({ ...heading, sectionEnd: Math.min(end, ...ends) })
    nextOf[heading.level] = heading.start
  }
  return closed.reverse()
}

/** The heading that an offset stands under: asked for in any order. */
function createHeadingFinder(headings: readonly Heading[], frontMatterEnd: number) {
  return (offset: number): Heading | undefined => {
    if (offset < frontMatterEnd) return undefined
    let low = 0
    let high = headings.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((headings[middle]?.start ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    return headings[low - 1]
  }
}
