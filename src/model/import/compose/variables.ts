/** Variables for `${NAME}`: what `.env` sets. The shell's own are not read, so the same files read alike everywhere. */
export type Variables = ReadonlyMap<string, string>

export interface Interpolated {
  readonly text: string
  /** Variables that have no value and no default; they read as empty. */
  readonly missing: readonly string[]
  /** The text holds a `${` that is no variable. */
  readonly isInvalid: boolean
}

/** `NAME=value` lines, with comments, `export`, quotes, and variables of earlier lines. */
export function parseEnvFile(text: string): Map<string, string> {
  const variables = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, name, raw] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s?(.*)$/.exec(line) ?? []
    if (name === undefined || raw === undefined) continue
    const single = /^\s*'([^']*)'/.exec(raw)?.[1]
    const double = /^\s*"((?:[^"\\]|\\.)*)"/.exec(raw)?.[1]
    const plain = double?.replace(/\\(["\\])/g, '$1') ?? raw.replace(/(^|\s)#.*$/, '').trim()
    variables.set(name, single ?? interpolate(plain, variables).text)
  }
  return variables
}

/** Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and its kin as the Compose specification says; `$$` is a `$`. */
export function interpolate(text: string, variables: Variables): Interpolated {
  if (!text.includes('$')) return { text, missing: [], isInvalid: false }
  const reader = new TemplateReader(text, variables)
  const result = reader.readUntil('')
  return { text: result, missing: reader.missing, isInvalid: reader.isInvalid }
}

const DEPTH_MAX = 20

/** Reads a text once from left to right; defaults may hold variables in turn. */
class TemplateReader {
  readonly missing: string[] = []
  isInvalid = false
  readonly #text: string
  readonly #variables: Variables
  #at = 0
  #depth = 0

  constructor(text: string, variables: Variables) {
    this.#text = text
    this.#variables = variables
  }

  /** Reads to the end of the text, or over the closing brace when `end` is one. */
  readUntil(end: '' | '}'): string {
    let result = ''
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? ''
      if (end !== '' && character === end) {
        this.#at++
        return result
      }
      result += character === '$' ? this.#readVariable() : this.#take(1)
    }
    if (end !== '') this.isInvalid = true
    return result
  }

  #readVariable(): string {
    const rest = this.#text.slice(this.#at)
    if (rest.startsWith('$$')) {
      this.#take(2)
      return '$'
    }
    const bare = /^\$([A-Za-z_]\w*)/.exec(rest)
    if (bare) {
      this.#take(bare[0].length)
      return this.#valueOf(bare[1] ?? '', this.#depth === 0)
    }
    const braced = /^\$\{([A-Za-z_]\w*)(:?[-?+])?/.exec(rest)
    const follows = braced && (braced[2] !== undefined || rest[braced[0].length] === '}')
    if (!braced || !follows || this.#depth >= DEPTH_MAX) {
      if (rest.startsWith('${')) this.isInvalid = true
      return this.#take(1)
    }
    this.#take(braced[0].length)
    return this.#readBraced(braced[1] ?? '', braced[2] ?? '')
  }

  #readBraced(name: string, operator: string): string {
    const missingBefore = this.missing.length
    this.#depth++
    const word = this.readUntil('}')
    this.#depth--
    const value = this.#variables.get(name)
    const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
    const isWordUsed = operator.endsWith('+') ? isSet : operator.endsWith('-') && !isSet
    if (!isWordUsed) this.missing.length = missingBefore
    if (operator.endsWith('+')) return isSet ? word : ''
    if (isSet || operator === '') return this.#valueOf(name, true)
    if (operator.endsWith('-')) return word
    return this.#valueOf(name, true)
  }

  #valueOf(name: string, counts: boolean): string {
    const value = this.#variables.get(name)
    if (value === undefined && counts) this.missing.push(name)
    return value ?? ''
  }

  #take(count: number): string {
    const taken = this.#text.slice(this.#at, this.#at + count)
    this.#at += count
    return taken
  }
}
