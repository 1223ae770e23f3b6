import { type FoundLink, splitAddress } from './found-link.ts'

const ADDRESS_MAX = 2_000
const DEPTH_MAX = 32

/** `[text](address "title")` whose text ends at `close`; an exclamation mark before it makes it an image. */
export function readMarkdownLink(
  text: string,
  { start, close, to }: { start: number; close: number; to: number },
): FoundLink | undefined {
  if (text[close + 1] !== '(') return undefined
  const rest = text.slice(close + 2, Math.min(to, close + 2 + ADDRESS_MAX))
  const address = readAddress(rest)
  if (!address) return undefined
  const isImage = start > 0 && text[start - 1] === '!' && text[start - 2] !== '\\'
  return {
    kind: isImage ? 'image' : 'markdown',
    start: isImage ? start - 1 : start,
    end: close + 2 + address.length,
    ...splitUrl(address.url),
    alias: text.slice(start + 1, close),
  }
}

/** `[label]: address` on a line of its own. */
export function readDefinition(text: string, start: number, end: number): FoundLink | undefined {
  const [whole = '', label = '', bracketed, plain = ''] =
    /^[ >]*\[((?:[^\]\\]|\\.)+)\]:\s*(?:<([^<>\n]*)>|(\S+))/.exec(text.slice(start, end)) ?? []
  if (whole === '') return undefined
  return { kind: 'markdown', start, end: start + whole.length, ...splitUrl(bracketed ?? plain), alias: label }
}

const TITLE = /^\s+(?:"[^"]*"|'[^']*'|\([^()]*\))/

function readAddress(rest: string): { url: string; length: number } | undefined {
  const lead = /^\s*/.exec(rest)?.[0].length ?? 0
  const bracketed = /^<([^<>\r\n]*)>/.exec(rest.slice(lead))
  const plain = bracketed ? undefined : readBalanced(rest.slice(lead))
  const url = bracketed?.[1] ?? plain
  if (url === undefined) return undefined
  let length = lead + (bracketed?.[0] ?? url).length
  length += TITLE.exec(rest.slice(length))?.[0].length ?? 0
  length += /^\s*/.exec(rest.slice(length))?.[0].length ?? 0
  return rest[length] === ')' ? { url, length: length + 1 } : undefined
}

function readBalanced(rest: string): string | undefined {
  let depth = 0
  for (let at = 0; at < rest.length; at++) {
    const character = rest[at] ?? ''
    if (character === '\\') at++
    else if (character === '(' && ++depth > DEPTH_MAX) return undefined
    else if (character === ')' && depth-- === 0) return rest.slice(0, at)
    else if (character <= ' ') return rest.slice(0, at)
  }
  return undefined
}

const SCHEME = /^[a-z][a-z0-9+.-]*:/i

/** An address with a scheme is kept whole; a path is decoded, as it names a file. */
function splitUrl(url: string): Pick<FoundLink, 'target' | 'headings' | 'block'> {
  if (SCHEME.test(url) || url.startsWith('//')) return { target: url, headings: [], block: undefined }
  const { target, ...rest } = splitAddress(url)
  return { target: decode(target), ...rest, headings: rest.headings.map(decode) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray % is part of the name.
    return text
  }
}
