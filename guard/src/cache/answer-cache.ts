export interface CacheRules {
  readonly freshMs: number
  readonly staleMs: number
  readonly entriesMax: number
  /** Marks a copy of a stale answer: a function, or the name of the property to set to true. */
  readonly mark: string | ((answer: unknown, ageMs: number) => unknown)
}

export interface CachedAnswer {
  readonly value: unknown
  readonly isStale: boolean
}

interface Entry {
  readonly value: unknown
  readonly storedAt: number
}

/** The last good answer per key, to fall back on. Bounded: the key stored longest ago leaves first. */
export class AnswerCache {
  readonly #rules: CacheRules
  readonly #entries = new Map<string, Entry>()

  constructor(rules: CacheRules) {
    this.#rules = rules
  }

  get size(): number {
    return this.#entries.size
  }

  store(key: string, value: unknown, now: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, storedAt: now })
    if (this.#entries.size <= this.#rules.entriesMax) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }

  /**
   * The answer for `key`: as it was while younger than `fresh`, marked while younger than `stale`, else undefined.
   * Throws what `mark` throws.
   */
  find(key: string, now: number): CachedAnswer | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    const ageMs = now - entry.storedAt
    if (ageMs < this.#rules.freshMs) return { value: entry.value, isStale: false }
    if (ageMs < this.#rules.staleMs) return { value: this.#mark(entry.value, ageMs), isStale: true }
    this.#entries.delete(key)
    return undefined
  }

  #mark(answer: unknown, ageMs: number): unknown {
    const { mark } = this.#rules
    if (typeof mark === 'function') return mark(answer, ageMs)
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
      throw new TypeError(`an answer that is not an object cannot be marked by "${mark}": give cache.mark a function`)
    }
    return { ...answer, [mark]: true }
  }
}
