import { isPlainObject, type PlainObject } from '../../source/index.ts'

/** Readers of data whose shape nobody checked: what has the wrong type reads as absent, never as an exception. */

/** What lies at the end of a path of keys, or undefined. */
export function at(value: unknown, ...path: string[]): unknown {
  let current = value
  for (const key of path) {
    if (!isPlainObject(current) || !Object.hasOwn(current, key)) return undefined
    current = current[key]
  }
  return current
}

export function mapAt(value: unknown, ...path: string[]): PlainObject {
  const found = at(value, ...path)
  return isPlainObject(found) ? found : {}
}

export function listAt(value: unknown, ...path: string[]): readonly unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** Text, numbers and truth values as text: YAML writes `6379` and `true` where text is meant. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined
}

/** A whole number of 0 or more, also when it is written as text. */
export function countAt(value: unknown, ...path: string[]): number | undefined {
  const text = textAt(value, ...path)
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined
}

/** One text or a list of texts, as one list. */
export function textsAt(value: unknown, ...path: string[]): string[] {
  const found = at(value, ...path)
  return (Array.isArray(found) ? found : [found]).flatMap((item) => textAt(item) ?? [])
}
