import { GuardError } from '../guard-error.ts'

/** The breaker refused the call before anything was sent: trying again before `retryAfterMs` is pointless. */
export class BreakerOpenError extends GuardError {
  override readonly name = 'BreakerOpenError'
  override readonly code = 'BREAKER_OPEN'
  /** Milliseconds until the breaker lets a probe through; 0 when unknown or when a place may free up at any time. */
  readonly retryAfterMs: number

  constructor(details: { dependency: string; retryAfterMs: number; cause?: unknown }) {
    super(details.dependency, `the breaker of ${details.dependency} is open`, causeOf(details))
    this.retryAfterMs = details.retryAfterMs
  }
}

function causeOf(details: { cause?: unknown }): ErrorOptions | undefined {
  return details.cause === undefined ? undefined : { cause: details.cause }
}
