import {
  isPlainObject,
  markKey,
  markPositions,
  mergeLocated,
  type PlainObject,
  type Problem,
  positionOf,
} from '../source/index.ts'

const SECTIONS = ['flows', 'components', 'mitigations', 'targets'] as const
const MERGED: ReadonlySet<string> = new Set([...SECTIONS, 'waivers'])

/** Several files as one document. A name that two files declare is a problem; the files' order does not matter. */
export function mergeFiles(documents: readonly PlainObject[]): { document: PlainObject; problems: Problem[] } {
  const problems: Problem[] = []
  const merged: PlainObject = {}
  markPositions(merged, undefined, new Map())
  for (const document of documents) {
    for (const key of Object.keys(document)) if (!MERGED.has(key)) copyOnce(merged, document, key)
    for (const section of SECTIONS) mergeSection(merged, document, section, problems)
    if (Array.isArray(document.waivers)) {
      const earlier = Array.isArray(merged.waivers) ? merged.waivers : []
      merged.waivers = [...earlier, ...document.waivers]
    }
  }
  return { document: merged, problems }
}

function copyOnce(merged: PlainObject, document: PlainObject, key: string): void {
  if (document[key] === undefined || merged[key] !== undefined) return
  merged[key] = document[key]
  const where = positionOf(document, [key])
  if (where) markKey(merged, key, where)
}

function mergeSection(merged: PlainObject, document: PlainObject, section: string, problems: Problem[]): void {
  const added = document[section]
  if (!isPlainObject(added)) return
  const earlier = merged[section]
  if (isPlainObject(earlier))
    for (const name of Object.keys(added)) {
      const first = positionOf(earlier, [name])
      const where = positionOf(added, [name])
      if (!Object.hasOwn(earlier, name) || !where) continue
      const message = `"${name}" is declared twice under ${section}; first at ${first?.file}:${first?.line}. Keep one.`
      problems.push({ where, message })
    }
  merged[section] = isPlainObject(earlier) ? mergeLocated(earlier, added) : added
  const where = positionOf(document, [section])
  if (where) markKey(merged, section, where)
}
