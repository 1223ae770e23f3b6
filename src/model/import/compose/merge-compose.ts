import { isPlainObject, type PlainObject, positionOf } from '../../../source/index.ts'
import { entriesOf, itemsOf, type LocatedEntry, locatedList, locatedMap } from '../located-data.ts'
import { textAt } from '../untyped.ts'
import { type MergeTags, pathKey } from './merge-tags.ts'
import { parsePort } from './ports.ts'

/** Attributes of a service that may be lists of `KEY=value` or maps, and merge as maps. */
const KEYED = new Set(['environment', 'labels', 'depends_on', 'networks', 'annotations', 'sysctls'])
/** What a later file replaces although it is a list. */
const REPLACED = new Set(['command', 'entrypoint', 'test'])

/**
 * Lays one Compose document over another as the Compose specification says: maps merge, lists are appended, commands
 * are replaced, ports are unique, `!reset` and `!override` win over all of these. Neither argument is changed.
 * Source: https://docs.docker.com/reference/compose-file/merge/; why it is ours: docs/decisions/201-compose-merge.md.
 */
export function mergeCompose(base: PlainObject, changes: PlainObject, tags: MergeTags): PlainObject {
  return mergeMaps(base, changes, { tags, path: [] })
}

/** One service over another, for `extends`. */
export function mergeService(base: PlainObject, changes: PlainObject): PlainObject {
  return mergeMaps(base, changes, { tags: new Map(), path: ['services', ''] })
}

interface Place {
  readonly tags: MergeTags
  readonly path: readonly string[]
}

function mergeMaps(base: PlainObject, changes: PlainObject, { tags, path }: Place): PlainObject {
  const merged = new Map<string, LocatedEntry<string>>(entriesOf(base).map((entry) => [entry[0], entry]))
  for (const entry of entriesOf(changes)) {
    const [key, change, position] = entry
    const place = { tags, path: [...path, key] }
    const known = merged.get(key)
    const tag = tags.get(pathKey(place.path))
    if (tag === 'reset') merged.delete(key)
    else if (!known || tag === 'override') merged.set(key, [key, withoutResets(change, place), position])
    else {
      const isMerged = isPlainObject(known[1]) || Array.isArray(known[1])
      merged.set(key, [key, mergeValues(known[1], change, place), isMerged ? known[2] : position])
    }
  }
  return locatedMap([...merged.values()], positionOf(base, []) ?? positionOf(changes, []))
}

function mergeValues(base: unknown, change: unknown, place: Place): unknown {
  const key = place.path.at(-1) ?? ''
  const isAttribute = place.path.length === 3 && place.path[0] === 'services'
  if (REPLACED.has(key)) return change
  if (isAttribute && KEYED.has(key)) return mergeKeyed(base, change, place)
  if (isPlainObject(base) && isPlainObject(change)) return mergeMaps(base, change, place)
  if (change === null && typeof base === 'object') return base
  if (!Array.isArray(base) && !Array.isArray(change)) return change
  const items = [...listItems(base), ...listItems(change)]
  return locatedList(isAttribute && key === 'ports' ? uniquePorts(items) : uniqueTexts(items), positionOf(base, []))
}

function mergeKeyed(base: unknown, change: unknown, place: Place): unknown {
  const [left, right] = [keyed(base), keyed(change)]
  return left && right ? mergeMaps(left, right, place) : (right ?? left)
}

/** `- KEY=value` and `- name` as a map; undefined for anything that is neither list nor map. */
function keyed(value: unknown): PlainObject | undefined {
  if (isPlainObject(value)) return value
  if (!Array.isArray(value)) return undefined
  const entries = itemsOf(value).flatMap(([, item, position]): LocatedEntry<string>[] => {
    const text = textAt(item)
    if (text === undefined) return []
    const split = text.indexOf('=')
    return split < 0 ? [[text, null, position]] : [[text.slice(0, split), text.slice(split + 1), position]]
  })
  return locatedMap(entries, positionOf(value, []))
}

function listItems(value: unknown): LocatedEntry<number>[] {
  if (Array.isArray(value)) return itemsOf(value)
  return value === null || value === undefined ? [] : [[0, value, undefined]]
}

function uniqueTexts(items: readonly LocatedEntry<number>[]): LocatedEntry<number>[] {
  const seen = new Set<unknown>()
  return items.filter(([, value]) => typeof value === 'object' || (!seen.has(value) && seen.add(value)))
}

/** One port of a container under one address is published once; the later file wins. */
function uniquePorts(items: readonly LocatedEntry<number>[]): LocatedEntry<number>[] {
  const byPort = new Map<string, LocatedEntry<number>>()
  for (const [index, item] of items.entries()) {
    const port = parsePort(item[1])
    byPort.set(port ? `${port.address} ${port.target} ${port.published} ${port.protocol}` : `odd ${index}`, item)
  }
  return [...byPort.values()]
}

/** A file's own `!reset` parts are gone even where nothing lies under them. */
function withoutResets(value: unknown, place: Place): unknown {
  if (place.tags.size === 0 || !isPlainObject(value)) return value
  return mergeMaps(locatedMap([], positionOf(value, [])), value, place)
}
