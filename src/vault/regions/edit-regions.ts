import type { Problem } from '../../source/index.ts'
import type { Page } from '../page/page.ts'
import { readPage } from '../page/read-page.ts'
import { findRegions, type Region } from './find-regions.ts'

/** What stands in each kind of region: Markdown, given what stands there now. */
export type RegionWriters = Readonly<Record<string, (before: string) => string>>

export interface EditedPage {
  /** The page's text with every sound region written anew; bytes outside regions are those of the page. */
  readonly text: string
  /** The regions whose text changed. */
  readonly changed: readonly Region[]
  readonly problems: readonly Problem[]
}

/**
 * Writes the regions of a page. Editing the result again changes nothing, if the writers say the same. What is wrong
 * with the marks of a region is a problem, and leaves that region as it is.
 */
export function editRegions(page: Page, writers: RegionWriters): EditedPage {
  const { regions, problems: mistakes } = findRegions(page, Object.keys(writers))
  const problems = [...mistakes]
  const changed: Region[] = []
  const pieces: string[] = []
  let done = 0
  for (const region of regions) {
    const { start, end } = findBody(page.text, region)
    const body = page.text.slice(start, end)
    const written = frame(writers[region.name]?.(unframe(body)) ?? '', lineEndAfter(page.text, region))
    if (written === body) continue
    if (!isWhole(region, written)) {
      const message = `The region "${region.name}" would not end: what is written into it leaves a fence or a comment open.`
      problems.push({ where: region.opening.where, message: `${message} Close it there.` })
      continue
    }
    changed.push(region)
    pieces.push(page.text.slice(done, start), written)
    done = end
  }
  return { text: [...pieces, page.text.slice(done)].join(''), changed, problems }
}

/** Whether a region with this text ends at its closing mark: a fence or a comment that is left open would take it in. */
function isWhole({ name }: Region, body: string): boolean {
  const text = `<!-- linchpin:${name} -->${body}<!-- /linchpin -->\n`
  const { regions } = findRegions(readPage('', text), [name])
  return regions.length === 1 && regions[0]?.closing.end === text.length - 1
}

/** From after the opening mark to the start of the closing mark's line. */
function findBody(text: string, { opening, closing }: Region): { start: number; end: number } {
  let end = closing.start
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end--
  return { start: opening.end, end }
}

function lineEndAfter(text: string, { opening }: Region): string {
  return /^[ \t]*(\r\n|\r|\n)/.exec(text.slice(opening.end, opening.end + 100))?.[1] ?? '\n'
}

/** Empty lines around it, because Obsidian wants one before a table. Nothing in it may end the region. */
function frame(body: string, lineEnd: string): string {
  const safe = body
    .replace(/\r\n?/g, '\n')
    .replace(/^\n+|\s+$/g, '')
    .replaceAll('<!--', '&lt;!--')
  return `\n\n${safe}${safe === '' ? '' : '\n\n'}`.replaceAll('\n', lineEnd)
}

function unframe(body: string): string {
  return body.replace(/\r\n?/g, '\n').replace(/^\s*\n|\s+$/g, '')
}
