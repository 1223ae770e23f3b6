/** One attribute of a fence, with the offset in its info string where it begins. */
export interface Attribute {
  readonly name: string
  /** Undefined: a flag such as `danger`. */
  readonly value: string | undefined
  readonly offset: number
}

export interface InfoString {
  readonly language: string
  readonly attributes: readonly Attribute[]
  /** What is wrong, and where; the attributes up to there are given. */
  readonly mistake: { readonly offset: number; readonly message: string } | undefined
}

const NAME = /[A-Za-z][\w.-]*/y
const BARE = /[^\s"{}]+/y
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y
const REGEX = /\/(?:[^/\\]|\\[\s\S])+\/[a-z]*/y

/**
 * Reads ` ```bash {step=look timeout=30s expect="all is well" danger} `. A value is bare, "quoted" (with \" and \\), or
 * a /regular expression/. Undefined when the fence has no braces: then it is for reading only.
 */
export function readInfoString(info: string): InfoString | undefined {
  const [, language = ''] = /^\s*([^\s{]*)/.exec(info) ?? []
  const opens = info.indexOf('{')
  if (opens === -1) return undefined
  const attributes: Attribute[] = []
  let at = skipSpace(info, opens + 1)
  const stop = (message: string) => ({ language, attributes, mistake: { offset: at, message } })
  while (info[at] !== '}') {
    if (at >= info.length) return stop('The braces are not closed. Add } at the end of the line.')
    const offset = at
    const name = match(NAME, info, at)
    if (name === undefined) return stop(`"${info.slice(at, at + 10)}" is no attribute. Write name=value, or a flag.`)
    at += name.length
    if (info[at] !== '=') attributes.push({ name, value: undefined, offset })
    else {
      at += 1
      const value = match(QUOTED, info, at) ?? match(REGEX, info, at) ?? match(BARE, info, at)
      if (value === undefined) return stop(`"${name}=" has no value, or its quotes are not closed. Give it one.`)
      at += value.length
      attributes.push({ name, value: value.startsWith('"') ? unquote(value) : value, offset })
    }
    const next = skipSpace(info, at)
    if (next === at && info[at] !== '}' && at < info.length)
      return stop(`"${info.slice(at, at + 10)}" follows without a space. Separate attributes by spaces.`)
    at = next
  }
  return { language, attributes, mistake: undefined }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** Only \" and \\ are escapes: a backslash before anything else is a backslash, as regular expressions need. */
function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')
}
