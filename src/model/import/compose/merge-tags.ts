import { isMap, isScalar, isSeq, type Node, parseAllDocuments } from 'yaml'
import type { PathStep } from '../../../source/index.ts'

/** Where an overlay says `!reset` (take it away) or `!override` (replace, do not merge), by path. */
export type MergeTags = ReadonlyMap<string, 'reset' | 'override'>

export function pathKey(path: readonly PathStep[]): string {
  return path.join('\n')
}

/** The tags of the first document. Plain data has no place for them, so the text is read again where they occur. */
export function findMergeTags(text: string): MergeTags {
  const tags = new Map<string, 'reset' | 'override'>()
  if (!/!(reset|override)\b/.test(text)) return tags
  const document = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false })[0]
  const visit = (node: unknown, path: readonly PathStep[]) => {
    const tag = (node as Node | null)?.tag
    if (tag === '!reset') tags.set(pathKey(path), 'reset')
    if (tag === '!override') tags.set(pathKey(path), 'override')
    if (isMap(node))
      for (const { key, value } of node.items) visit(value, [...path, String(isScalar(key) ? key.value : key)])
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...path, index])
  }
  if (document && 'contents' in document) visit(document.contents, [])
  return tags
}
