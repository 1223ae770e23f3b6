import { type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { markPositions, type PathStep, type PlainObject } from './located.ts'
import type { Position, Problem } from './problem.ts'

/** The text of one file. */
export interface SourceText {
  readonly file: string
  readonly text: string
}

/** Limits that keep a hostile file from taking the machine: parsing costs about 5 µs and 1 kB a token. */
export const YAML_LIMITS = { charactersMax: 4_000_000, tokensMax: 200_000, depthMax: 100, valuesMax: 250_000 }

/**
 * Reads every YAML document of a file (JSON is YAML too) as plain data that knows its positions.
 * Documents that are not YAML at all are left out; a key written twice keeps its first value. Never throws.
 */
export function readYaml(source: SourceText): { values: unknown[]; problems: Problem[] } {
  const tooLarge = refuseHostileText(source)
  if (tooLarge)
    return { values: [], problems: [{ where: { file: source.file, line: 1, column: 1 }, message: tooLarge }] }
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const documents = parseAllDocuments(source.text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const values: unknown[] = []
  const problems: Problem[] = []
  for (const document of documents as Document.Parsed[]) {
    if (document.errors.length > 0) {
      for (const error of document.errors) problems.push({ where: at(error.pos[0]), message: explainSyntax(error) })
      continue
    }
    const reader = new ValueReader(document, at)
    const value = reader.read(document.contents as Node | null)
    problems.push(...reader.problems)
    if (document.contents !== null && !reader.isRefused) values.push(value)
  }
  return { values, problems }
}

function refuseHostileText({ text }: SourceText): string | undefined {
  if (text.length > YAML_LIMITS.charactersMax)
    return `The file is larger than ${YAML_LIMITS.charactersMax / 1e6} MB. Split it into several files.`
  if (text.includes('\0')) return 'The file is binary, not YAML text. Give a text file in UTF-8.'
  return refuseByTokens(text) ?? (measureBlockDepth(text) > YAML_LIMITS.depthMax ? tooDeep : undefined)
}

/** A short text with few brackets cannot exceed these limits: it is not read twice. */
function refuseByTokens(text: string): string | undefined {
  const isShort = text.length < YAML_LIMITS.tokensMax / 4
  if (isShort && text.split(/[[{]/, YAML_LIMITS.depthMax + 1).length <= YAML_LIMITS.depthMax) return undefined
  let tokens = 0
  let flowDepth = 0
  for (const token of new Lexer().lex(text)) {
    if (++tokens > YAML_LIMITS.tokensMax)
      return `The file has more than ${YAML_LIMITS.tokensMax} YAML tokens. Split it into several files.`
    if (token === '[' || token === '{') flowDepth++
    else if (token === ']' || token === '}') flowDepth--
    if (flowDepth > YAML_LIMITS.depthMax) return tooDeep
  }
  return undefined
}

const tooDeep = `The file is nested more than ${YAML_LIMITS.depthMax} levels deep. Flatten it.`

/** Block nesting grows only by indentation or by `- - -` on one line; both are counted without parsing. */
function measureBlockDepth(text: string): number {
  const indents: number[] = []
  let deepest = 0
  for (const [, spaces = '', dashes = ''] of text.matchAll(/^( *)((?:[-?] +)*)\S/gm)) {
    while (indents.length > 0 && (indents.at(-1) ?? 0) >= spaces.length) indents.pop()
    indents.push(spaces.length)
    deepest = Math.max(deepest, indents.length + dashes.replaceAll(' ', '').length)
  }
  return deepest
}

function explainSyntax(error: { message: string }): string {
  const text = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
  return `${text.replace(/\.$/, '')}. Correct the YAML here.`
}

/** Turns YAML nodes into plain data, marks positions, and counts what aliases would expand to. */
class ValueReader {
  readonly problems: Problem[] = []
  isRefused = false
  #values = 0
  #aliasDepth = 0
  readonly #document: Document.Parsed
  readonly #at: (offset: number) => Position

  constructor(document: Document.Parsed, at: (offset: number) => Position) {
    this.#document = document
    this.#at = at
  }

  read(node: Node | null): unknown {
    if (node === null || this.isRefused) return null
    if (++this.#values > YAML_LIMITS.valuesMax) return this.#refuse(node, 'The aliases of this file expand too far.')
    if (isAlias(node)) return this.#readAlias(node)
    if (isMap(node)) return this.#readMap(node)
    if (isSeq(node)) return this.#readSequence(node)
    return isScalar(node) ? node.value : null
  }

  #readAlias(node: Node & { source: string }): unknown {
    const target = (node as unknown as { resolve(document: Document): Node | undefined }).resolve(this.#document)
    if (!target) return this.#refuse(node, `The alias "*${node.source}" has no anchor.`)
    if (++this.#aliasDepth > 20) return this.#refuse(node, 'The aliases of this file nest too deeply.')
    const value = this.read(target)
    this.#aliasDepth--
    return value
  }

  #readMap(node: Node & { items: { key: unknown; value: unknown }[] }): PlainObject {
    const result: PlainObject = {}
    const marks = new Map<PathStep, Position>()
    for (const { key, value } of node.items) {
      const name = String(isScalar(key) ? key.value : this.read(key as Node))
      const read = this.read(value as Node | null)
      if (name === '<<') {
        for (const source of [read].flat().reverse())
          if (typeof source === 'object' && source !== null)
            for (const [inherited, item] of Object.entries(source))
              if (!Object.hasOwn(result, inherited)) result[inherited] = item
        continue
      }
      if (marks.has(name)) {
        const message = `"${name}" is written twice in the same block; the first is on line ${marks.get(name)?.line}. Keep one.`
        this.problems.push({ where: this.#positionOf(key as Node | null, node), message })
        continue
      }
      Object.defineProperty(result, name, { value: read, enumerable: true, writable: true, configurable: true })
      marks.set(name, this.#positionOf(key as Node | null, node))
    }
    markPositions(result, this.#positionOf(node, node), marks)
    return result
  }

  #readSequence(node: Node & { items: unknown[] }): unknown[] {
    const result: unknown[] = []
    const marks = new Map<PathStep, Position>()
    for (const [index, item] of node.items.entries()) {
      result.push(this.read(item as Node | null))
      marks.set(index, this.#positionOf(item as Node | null, node))
    }
    markPositions(result, this.#positionOf(node, node), marks)
    return result
  }

  #positionOf(node: Node | null, parent: Node): Position {
    return this.#at(node?.range?.[0] ?? parent.range?.[0] ?? 0)
  }

  #refuse(node: Node, message: string): null {
    this.isRefused = true
    this.problems.push({ where: this.#positionOf(node, node), message: `${message} Write it out or simplify it.` })
    return null
  }
}
