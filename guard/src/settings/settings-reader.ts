import { formatDuration, parseDuration } from './duration.ts'
import type { ConfigProblem } from './guard-config-error.ts'

export interface Range {
  readonly min: number
  readonly max: number
}

/**
 * Reads one object of settings, key by key, and collects every mistake instead of stopping at the first.
 * A reading that fails answers undefined, like a key that is absent.
 */
export class SettingsReader {
  readonly problems: ConfigProblem[]
  readonly #guard: string
  readonly #path: string
  readonly #settings: Readonly<Record<string, unknown>>
  readonly #known = new Set<string>()

  constructor(
    guard: string,
    settings: unknown,
    nested: { path: string; problems: ConfigProblem[] } | undefined = undefined,
  ) {
    this.#guard = guard
    this.#path = nested?.path ?? ''
    this.problems = nested?.problems ?? []
    this.#settings = isPlainObject(settings) ? settings : {}
    if (!isPlainObject(settings)) this.#report(this.#path, 'an object of settings', settings)
  }

  /** Milliseconds. */
  duration(key: string, range: Range): number | undefined {
    const allowed = `a duration with a unit (ms, s, m, h) from ${formatDuration(range.min)} to ${formatDuration(range.max)}`
    return this.#read(key, allowed, (value) => within(parseDuration(value), range))
  }

  integer(key: string, range: Range): number | undefined {
    const allowed = `a whole number from ${range.min} to ${range.max}`
    return this.#read(key, allowed, (value) => (Number.isInteger(value) ? within(value as number, range) : undefined))
  }

  /** Above 0, up to and including 1. */
  share(key: string): number | undefined {
    return this.#read(key, 'a number above 0, up to 1', (value) =>
      typeof value === 'number' && value > 0 && value <= 1 ? value : undefined,
    )
  }

  flag(key: string): boolean | undefined {
    return this.#read(key, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined))
  }

  oneOf<const T extends string>(key: string, values: readonly T[]): T | undefined {
    return this.#read(key, `one of ${values.join(', ')}`, (value) => values.find((known) => known === value))
  }

  /** A value that `accept` lets through; `allowed` says which those are. */
  value<T>(key: string, allowed: string, accept: (value: unknown) => T | undefined): T | undefined {
    return this.#read(key, allowed, accept)
  }

  /** A reader for the object under `key`, sharing the list of problems; undefined if there is none. */
  nested(key: string): SettingsReader | undefined {
    this.#known.add(key)
    const value = this.#settings[key]
    if (value === undefined) return undefined
    return new SettingsReader(this.#guard, value, { path: this.#pathOf(key), problems: this.problems })
  }

  /** Reports that settings contradict each other. */
  contradiction(key: string, allowed: string): void {
    this.#report(this.#pathOf(key), allowed, this.#settings[key])
  }

  has(key: string): boolean {
    return this.#settings[key] !== undefined
  }

  /** Reports the keys nobody asked for. Comes last. */
  finish(): void {
    const known = [...this.#known].sort().join(', ')
    for (const key of Object.keys(this.#settings)) {
      if (!this.#known.has(key)) this.#report(this.#pathOf(key), `one of the settings ${known}`, key)
    }
  }

  #read<T>(key: string, allowed: string, accept: (value: unknown) => T | undefined): T | undefined {
    this.#known.add(key)
    const value = this.#settings[key]
    if (value === undefined) return undefined
    const accepted = accept(value)
    if (accepted === undefined) this.#report(this.#pathOf(key), allowed, value)
    return accepted
  }

  #pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`
  }

  #report(setting: string, allowed: string, found: unknown): void {
    this.problems.push({ guard: this.#guard, setting, allowed, found: show(found) })
  }
}

function within(value: number | undefined, range: Range): number | undefined {
  return value !== undefined && value >= range.min && value <= range.max ? value : undefined
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
