import { type FoundLink, splitAddress } from './found-link.ts'
import { readMarkdownLink } from './markdown-link.ts'

/**
 * The links of one block of text, from left to right, nested ones included. What stands in backticks, in a comment or
 * behind a backslash is none. Reads each character a bounded number of times, whatever the text is.
 */
export function findLinks(text: string, from: number, to: number): FoundLink[] {
  if (text.indexOf('[', from) >= to || !text.slice(from, to).includes(']')) return []
  const found: FoundLink[] = []
  const skipCode = createCodeSkipper(text, from, to)
  const closing = createFinder(text, ']]', to)
  const commentEnd = createFinder(text, '-->', to)
  const open: number[] = []
  let at = from
  while (at < to) {
    const character = text[at]
    if (character === '\\') at += 2
    else if (character === '`') at = skipCode(at)
    else if (character === '<' && text.startsWith('<!--', at)) at = (commentEnd(at + 4) ?? at) + 3
    else if (character === '[') {
      const wikilink = text[at + 1] === '[' ? readWikilink(text, at, closing(at)) : undefined
      if (wikilink) {
        found.push(wikilink)
        at = wikilink.end
      } else open.push(at++)
    } else if (character === ']') {
      const start = open.pop()
      const link = start === undefined ? undefined : readMarkdownLink(text, { start, close: at, to })
      if (link) found.push(link)
      at = link?.end ?? at + 1
    } else at++
  }
  return found.sort((a, b) => a.start - b.start)
}

/** The wikilinks of front matter: properties hold them as text. */
export function findPropertyLinks(text: string, from: number, to: number): FoundLink[] {
  const closing = createFinder(text, ']]', to)
  const found: FoundLink[] = []
  for (let at = text.indexOf('[[', from); at >= 0 && at < to; at = text.indexOf('[[', at)) {
    const link = readWikilink(text, at, closing(at))
    if (link) found.push(link)
    at = link?.end ?? at + 2
  }
  return found
}

/** `[[target#heading|alias]]` at `start`, if it ends on its line and no other starts within it. */
function readWikilink(text: string, start: number, close: number | undefined): FoundLink | undefined {
  if (close === undefined || text.lastIndexOf('[[', close - 1) > start) return undefined
  const inside = text.slice(start + 2, close)
  if (/[\r\n]/.test(inside) || inside.trim() === '') return undefined
  const isEmbed = start > 0 && text[start - 1] === '!' && text[start - 2] !== '\\'
  const [, address = '', alias] = /^([^|]*?)(?:\\?\|(.*))?$/.exec(inside) ?? []
  return {
    kind: isEmbed ? 'embed' : 'wikilink',
    start: isEmbed ? start - 1 : start,
    end: close + 2,
    ...splitAddress(address),
    alias: alias?.trim(),
  }
}

/** Where code that starts with these backticks ends; only the backticks are skipped when nothing closes them. */
function createCodeSkipper(text: string, from: number, to: number): (at: number) => number {
  let runs: Map<number, number[]> | undefined
  const findRuns = (): Map<number, number[]> => {
    const found = new Map<number, number[]>()
    for (const { index, 0: run } of text.slice(from, to).matchAll(/`+/g)) {
      const places = found.get(run.length)
      if (places) places.push(from + index)
      else found.set(run.length, [from + index])
    }
    for (const places of found.values()) places.reverse()
    return found
  }
  return (at) => {
    runs ??= findRuns()
    let length = 1
    while (at + length < to && text[at + length] === '`') length++
    const places = runs.get(length) ?? []
    while (places.length > 0 && (places.at(-1) ?? 0) <= at) places.pop()
    const close = places.at(-1)
    return close === undefined ? at + length : close + length
  }
}

/** The next place of `mark` at or after an offset, asked for in rising order: each stretch of text is searched once. */
function createFinder(text: string, mark: string, to: number): (at: number) => number | undefined {
  let next = -1
  return (at) => {
    if (next < at && next !== to) {
      const place = text.indexOf(mark, at)
      next = place < 0 || place + mark.length > to ? to : place
    }
    return next === to ? undefined : next
  }
}
