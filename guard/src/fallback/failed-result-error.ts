import { GuardError } from '../guard-error.ts'

/** The call returned a result that its judge calls a failure. Fallbacks receive it; a caller never does. */
export class FailedResultError extends GuardError {
  override readonly name = 'FailedResultError'
  override readonly code = 'FAILED_RESULT'
  readonly result: unknown

  constructor(details: { dependency: string; result: unknown }) {
    super(details.dependency, `${details.dependency} answered with a failure`)
    this.result = details.result
  }
}
