import { GuardError } from '../guard-error.ts'

/** Every place is taken, and the queue is full or the wait in it was too long. Nothing was sent. */
export class BulkheadFullError extends GuardError {
  override readonly name = 'BulkheadFullError'
  override readonly code = 'BULKHEAD_FULL'
  /** How long the call had waited in the queue, in milliseconds; 0 if it never got in. */
  readonly waitedMs: number

  constructor(details: { dependency: string; waitedMs: number }) {
    super(details.dependency, `no place is free for a call to ${details.dependency}`)
    this.waitedMs = details.waitedMs
  }
}
