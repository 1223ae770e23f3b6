import {
  isPlainObject,
  markPositions,
  type PathStep,
  type PlainObject,
  type Position,
  positionOf,
} from '../../source/index.ts'

/** A value under a key, with the place where the key was written. */
export type LocatedEntry<Key extends PathStep> = readonly [key: Key, value: unknown, position: Position | undefined]

/** An object that knows where it and its keys were written. Keys such as `__proto__` are plain keys. */
export function locatedMap(entries: readonly LocatedEntry<string>[], self?: Position): PlainObject {
  const map: PlainObject = Object.fromEntries(entries)
  markPositions(map, self, positionsOf(entries))
  return map
}

/** An array that knows where its items were written. */
export function locatedList(items: readonly LocatedEntry<number>[], self?: Position): unknown[] {
  const list = items.map(([, value]) => value)
  markPositions(list, self, positionsOf(items.map(([, value, position], index) => [index, value, position])))
  return list
}

export function entriesOf(map: PlainObject): LocatedEntry<string>[] {
  return Object.entries(map).map(([key, value]) => [key, value, positionOf(map, [key])])
}

export function itemsOf(list: readonly unknown[]): LocatedEntry<number>[] {
  return list.map((value, index) => [index, value, positionOf(list, [index])])
}

/** The same data with every text replaced; positions stay. */
export function mapTexts(value: unknown, replace: (text: string, where: Position | undefined) => unknown): unknown {
  return replaceTexts(value, replace, undefined)
}

function replaceTexts(
  value: unknown,
  replace: (text: string, where: Position | undefined) => unknown,
  where: Position | undefined,
): unknown {
  if (typeof value === 'string') return replace(value, where)
  if (Array.isArray(value)) {
    const items = itemsOf(value).map(
      ([key, item, position]) => [key, replaceTexts(item, replace, position), position] as const,
    )
    return locatedList(items, positionOf(value, []))
  }
  if (!isPlainObject(value)) return value
  const entries = entriesOf(value).map(
    ([key, item, position]) => [key, replaceTexts(item, replace, position), position] as const,
  )
  return locatedMap(entries, positionOf(value, []))
}

function positionsOf(entries: readonly LocatedEntry<PathStep>[]): Map<PathStep, Position> {
  return new Map(entries.flatMap(([key, , position]) => (position ? [[key, position] as const] : [])))
}
