import { unreachable } from '../../source/index.ts'
import { type JsonStep, parseJsonPath, selectJson } from './json-path.ts'

/** What is looked for in an output: a piece of it by pattern, or by its place in JSON. */
export type Selector =
  | { readonly kind: 'regex'; readonly pattern: RegExp }
  | { readonly kind: 'json'; readonly path: readonly JsonStep[]; readonly text: string }

/** What an output must be for a step to be done. `operand` may hold `{{variables}}`; they are filled in before. */
export type Expectation =
  | { readonly kind: 'text'; readonly text: string; readonly written: string }
  | { readonly kind: 'regex'; readonly pattern: RegExp; readonly written: string }
  | {
      readonly kind: 'json'
      readonly path: readonly JsonStep[]
      readonly sign: Sign | undefined
      readonly operand: string
      readonly written: string
    }

type Sign = '==' | '!=' | '>=' | '<=' | '>' | '<'

export interface Judgement {
  readonly holds: boolean
  readonly found: string
}

const REGEX = /^\/(.*)\/([imsu]*)$/s
const COMPARISON = /^(\$(?:\["(?:[^"\\]|\\.)*"\]|\['(?:[^'\\]|\\.)*'\]|[^\s=!<>])*)\s*(?:(==|!=|>=|<=|>|<)\s*(.*))?$/s
/** Of what was found, so much is repeated in a judgement. */
const FOUND_MAX = 200

/** `"text"` is contained, `/regex/i` matches (with m), `$.path == value` compares. A string says what is wrong. */
export function parseExpectation(written: string): Expectation | string {
  if (written.startsWith('/')) {
    const pattern = parseRegex(written)
    return typeof pattern === 'string' ? pattern : { kind: 'regex', pattern, written }
  }
  if (!/^\$($|[.[\s=!<>])/.test(written)) return { kind: 'text', text: written, written }
  const [, text = '', sign, operand = ''] = COMPARISON.exec(written) ?? []
  const path = parseJsonPath(text)
  if (!path) return `"${written}" is not a JSONPath of the kind $.name[0].other, with == != >= <= > < and a value`
  return { kind: 'json', path, sign: sign as Sign | undefined, operand: unquote(operand.trim()), written }
}

/** `/regex/` gives its first group, or all that matched; `$.path` the first value. A string says what is wrong. */
export function parseSelector(written: string): Selector | string {
  if (written.startsWith('/')) {
    const pattern = parseRegex(written)
    return typeof pattern === 'string' ? pattern : { kind: 'regex', pattern }
  }
  const path = parseJsonPath(written)
  return path
    ? { kind: 'json', path, text: written }
    : `"${written}" is neither a /regex/ nor a JSONPath such as $.name`
}

export function judge(expectation: Expectation, output: string): Judgement {
  switch (expectation.kind) {
    case 'text': {
      const holds = output.includes(expectation.text)
      return { holds, found: holds ? expectation.text : 'it is not there' }
    }
    case 'regex': {
      const match = expectation.pattern.exec(output)
      return { holds: match !== null, found: match ? shorten(match[0]) : 'nothing matches' }
    }
    case 'json':
      return judgeJson(expectation, output)
    default:
      return unreachable(expectation)
  }
}

/** What a selector finds in an output, as text; undefined when it finds nothing. */
export function select(selector: Selector, output: string): string | undefined {
  if (selector.kind === 'regex') {
    const match = selector.pattern.exec(output)
    return match ? (match[1] ?? match[0]) : undefined
  }
  const [value] = selectJson(parseJson(output), selector.path)
  return value === undefined ? undefined : asText(value)
}

/** Every value that the path leads to must compare; one at least has to be there. */
function judgeJson({ path, sign, operand }: Expectation & { kind: 'json' }, output: string): Judgement {
  const json = parseJson(output)
  if (json === undefined) return { holds: false, found: 'the output is not JSON' }
  const values = selectJson(json, path)
  if (values.length === 0) return { holds: false, found: 'it is not there' }
  const found = shorten(values.map(asText).join(', '))
  return { holds: sign === undefined || values.every((value) => compares(asText(value), sign, operand)), found }
}

function compares(value: string, sign: Sign, operand: string): boolean {
  const bothNumbers = [value, operand].every((text) => text.trim() !== '' && Number.isFinite(Number(text)))
  const [a, b] = bothNumbers ? [Number(value), Number(operand)] : [value, operand]
  switch (sign) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '>=':
      return bothNumbers && a >= b
    case '<=':
      return bothNumbers && a <= b
    case '>':
      return bothNumbers && a > b
    case '<':
      return bothNumbers && a < b
    default:
      return unreachable(sign)
  }
}

/** Lines are what people look at: ^ and $ match at each. */
function parseRegex(written: string): RegExp | string {
  const [, source = '', flags = ''] = REGEX.exec(written) ?? []
  if (source === '') return `"${written}" is not a regular expression between slashes`
  try {
    return new RegExp(source, [...new Set(`${flags}m`)].join(''))
  } catch (error) {
    return `"${written}" is not a regular expression (${error instanceof Error ? error.message : String(error)})`
  }
}

function parseJson(output: string): unknown {
  try {
    return JSON.parse(output)
  } catch {
    return undefined
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function unquote(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text
}

function shorten(text: string): string {
  return text.length > FOUND_MAX ? `${text.slice(0, FOUND_MAX)}…` : text
}
