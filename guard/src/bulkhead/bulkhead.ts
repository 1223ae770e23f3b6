/** A call that waits for a place. `onPlace` is called once, when it has one. */
export interface BulkheadWaiter {
  onPlace(): void
}

export interface BulkheadRules {
  /** Calls under way at once. */
  readonly concurrent: number
  /** Calls that may wait. */
  readonly queue: number
}

/**
 * Bounds how many calls are under way, with a bounded queue in order of arrival. A freed place goes to the first in
 * the queue at once, so no newcomer can overtake or throw out a call that was accepted.
 */
export class Bulkhead {
  readonly #rules: BulkheadRules
  readonly #waiting = new Set<BulkheadWaiter>()
  #running = 0
  #isHandingOut = false

  constructor(rules: BulkheadRules) {
    this.#rules = rules
  }

  /** Calls under way, those included whose caller no longer waits: each holds its place until it really ends. */
  get running(): number {
    return this.#running
  }

  get queued(): number {
    return this.#waiting.size
  }

  /** Takes a place if one is free and nobody waits for it. To be given back with `leave`. */
  tryEnter(): boolean {
    if (this.#running >= this.#rules.concurrent || this.#waiting.size > 0) return false
    this.#running++
    return true
  }

  /** Lines `waiter` up for a place; false if the queue is full. */
  tryQueue(waiter: BulkheadWaiter): boolean {
    if (this.#waiting.size >= this.#rules.queue) return false
    this.#waiting.add(waiter)
    return true
  }

  /** Takes a waiter out of the queue; its place in the queue is free at once. */
  leaveQueue(waiter: BulkheadWaiter): void {
    this.#waiting.delete(waiter)
  }

  /** Gives a place back. */
  leave(): void {
    this.#running--
    if (this.#waiting.size > 0 && !this.#isHandingOut) this.#handOut()
  }

  /** A loop, not a recursion: a call that ends at once gives its place back from inside `onPlace`. */
  #handOut(): void {
    this.#isHandingOut = true
    for (const waiter of this.#waiting) {
      if (this.#running >= this.#rules.concurrent) break
      this.#waiting.delete(waiter)
      this.#running++
      waiter.onPlace()
    }
    this.#isHandingOut = false
  }
}
