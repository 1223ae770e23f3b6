import type { Position } from './problem.ts'

/** A step into plain data: a key of an object or an index of an array. */
export type PathStep = string | number
export type PlainObject = Record<string, unknown>

interface Marks {
  readonly self?: Position
  readonly keys: Map<PathStep, Position>
}

/**
 * Where the parts of plain data were written. The data stays plain (no wrappers, no hidden keys), and its positions
 * travel with it through merging, so a mistake found after several files became one model still has its line.
 */
const marksOf = new WeakMap<object, Marks>()

/** Notes where an object or array stands, and where each of its keys does. */
export function markPositions(target: object, self: Position | undefined, keys: Map<PathStep, Position>): void {
  marksOf.set(target, self ? { self, keys } : { keys })
}

/** Notes where one key stands. */
export function markKey(target: object, key: PathStep, position: Position): void {
  const marks = marksOf.get(target)
  if (marks) marks.keys.set(key, position)
  else marksOf.set(target, { keys: new Map([[key, position]]) })
}

/** The position of the deepest part of `path` that is known, or undefined when nothing on the way is. */
export function positionOf(root: unknown, path: readonly PathStep[]): Position | undefined {
  let found = isObject(root) ? marksOf.get(root)?.self : undefined
  let current = root
  for (const step of path) {
    if (!isObject(current)) break
    found = marksOf.get(current)?.keys.get(step) ?? found
    current = (current as PlainObject)[step]
  }
  return found
}

/**
 * A new value in which `changes` override `base` key by key; null removes a key; arrays and scalars replace.
 * Neither argument is changed. Positions follow the winning side.
 */
export function mergeLocated(base: unknown, changes: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(changes)) return changes
  const merged: PlainObject = { ...base }
  const marks = new Map(marksOf.get(base)?.keys)
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) delete merged[key]
    else merged[key] = Object.hasOwn(base, key) ? mergeLocated(base[key], change) : change
    const position = marksOf.get(changes)?.keys.get(key)
    if (position && !(Object.hasOwn(base, key) && isPlainObject(base[key]))) marks.set(key, position)
  }
  markPositions(merged, marksOf.get(base)?.self, marks)
  return merged
}

export function isPlainObject(value: unknown): value is PlainObject {
  return isObject(value) && !Array.isArray(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
