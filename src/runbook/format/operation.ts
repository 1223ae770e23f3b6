import { unreachable } from '../../source/index.ts'
import type { Block } from './runbook.ts'
import { splitWords } from './words.ts'

/** What is really done: a block with its variables filled in, each in the way that keeps it data. */
export type Operation =
  | { readonly kind: 'shell'; readonly script: string; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'command'; readonly words: readonly string[] }
  | {
      readonly kind: 'sql'
      readonly to: string
      readonly query: string
      readonly values: readonly string[]
      readonly isReadOnly: boolean
    }
  | {
      readonly kind: 'http'
      readonly method: string
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | undefined
    }
  | { readonly kind: 'promql'; readonly to: string; readonly query: string }

export type Variables = ReadonlyMap<string, string>

const VARIABLE = /\{\{\s*([A-Za-z][\w-]*)\s*\}\}/g

/** The names in `{{…}}` of a text, once each, with the offset of the first. */
export function listVariables(text: string): { name: string; offset: number }[] {
  const found = new Map<string, number>()
  for (const match of text.matchAll(VARIABLE)) if (!found.has(match[1] ?? '')) found.set(match[1] ?? '', match.index)
  return [...found].map(([name, offset]) => ({ name, offset }))
}

/** Puts values in place of `{{…}}`; a name without a value stays. */
export function fillText(text: string, variables: Variables, write: (value: string) => string = (value) => value) {
  return text.replaceAll(VARIABLE, (whole, name: string) => {
    const value = variables.get(name)
    return value === undefined ? whole : write(value)
  })
}

/**
 * A value is never read as code: in a shell it is a variable (so not in single quotes), in SQL a parameter, in a URL
 * percent-encoded, in a JSON body a piece of a string, without a shell one word.
 */
export function makeOperation(block: Block, variables: Variables): Operation {
  const { kind, content } = block
  switch (kind) {
    case 'bash':
      return block.hasShell
        ? { kind: 'shell', script: fillScript(content), environment: shellVariables(content, variables) }
        : { kind: 'command', words: (splitWords(content) ?? []).map((word) => fillText(word, variables)) }
    case 'sql':
      return makeQuery(block, variables)
    case 'http':
      return makeRequest(block, variables)
    case 'promql':
      return {
        kind: 'promql',
        to: fillText(block.to ?? '', variables),
        query: fillText(content.trim(), variables, escapeQuotes),
      }
    case 'manual':
      throw new Error('a person carries out a manual step')
    default:
      return unreachable(kind)
  }
}

/** `METHOD URL`, headers, an empty line, the body. */
export function splitRequest(content: string) {
  const [head = '', ...rest] = content.replaceAll('\r\n', '\n').split('\n\n')
  const [first = '', ...lines] = head.trim().split('\n')
  const [, method = '', url = ''] = /^([A-Z]+)\s+(\S+)$/.exec(first.trim()) ?? []
  const headers = lines.map((line) => /^([\w-]+):\s*(.*)$/.exec(line.trim())?.slice(1) ?? [line, undefined])
  return { method, url, headers, body: rest.length > 0 ? rest.join('\n\n').trim() : undefined }
}

function fillScript(content: string): string {
  return content.replaceAll(VARIABLE, (_, name: string) => `\${${shellName(name)}}`)
}

function shellVariables(content: string, variables: Variables): Record<string, string> {
  return Object.fromEntries(
    listVariables(content).map(({ name }) => [shellName(name), variables.get(name)?.replaceAll('\0', '') ?? '']),
  )
}

function shellName(name: string): string {
  return `RUNBOOK_${name.toUpperCase().replaceAll('-', '_')}`
}

function makeQuery(block: Block, variables: Variables): Operation {
  const names = listVariables(block.content).map(({ name }) => name)
  const query = block.content.replaceAll(VARIABLE, (_, name: string) => `$${names.indexOf(name) + 1}`)
  const values = names.map((name) => variables.get(name) ?? '')
  return { kind: 'sql', to: fillText(block.to ?? '', variables), query, values, isReadOnly: !block.isDangerous }
}

function makeRequest({ content }: Block, variables: Variables): Operation {
  const { method, url, headers, body } = splitRequest(content)
  const oneLine = (value: string) => value.replaceAll(/[\r\n]/g, ' ')
  const filled = headers.map(([name, value = '']) => [name, fillText(value, variables, oneLine)])
  const inString = (value: string) => JSON.stringify(value).slice(1, -1)
  return {
    kind: 'http',
    method,
    url: fillText(url, variables, encodeURIComponent),
    headers: Object.fromEntries(filled),
    body: body === undefined ? undefined : fillText(body, variables, inString),
  }
}

function escapeQuotes(value: string): string {
  return value.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')
}
