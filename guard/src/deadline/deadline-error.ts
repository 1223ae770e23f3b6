import { GuardError } from '../guard-error.ts'

/** Which bound has passed: of one attempt, of the whole call, or of one fallback. */
export type DeadlineScope = 'attempt' | 'overall' | 'fallback'

/** A bound on time has passed. The dependency may still be working on the call. */
export class DeadlineError extends GuardError {
  override readonly name = 'DeadlineError'
  override readonly code = 'DEADLINE'
  readonly scope: DeadlineScope
  /** The bound that has passed, in milliseconds. */
  readonly afterMs: number

  constructor(details: { dependency: string; scope: DeadlineScope; afterMs: number; cause?: unknown }) {
    const { dependency, scope, afterMs, cause } = details
    super(
      dependency,
      `${dependency} did not answer within ${afterMs} ms (${scope})`,
      cause === undefined ? undefined : { cause },
    )
    this.scope = scope
    this.afterMs = afterMs
  }
}
