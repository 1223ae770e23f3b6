import type { BreakerState } from './breaker/breaker.ts'
import type { Outcome } from './outcome.ts'

/** What listeners of a registry hear. `guard` is the guard's name. */
export type GuardEvent =
  | { readonly kind: 'transition'; readonly guard: string; readonly from: BreakerState; readonly to: BreakerState }
  | { readonly kind: 'attempt'; readonly guard: string; readonly outcome: Outcome; readonly durationMs: number }

export type GuardListener = (event: GuardEvent) => void

/** Passes events on. A listener that throws changes nothing: the exception is handed back to be counted. */
export class EventHub {
  readonly #listeners = new Set<GuardListener>()

  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: GuardListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: GuardEvent, onHookError: (error: unknown) => void): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        onHookError(error)
      }
    }
  }
}
