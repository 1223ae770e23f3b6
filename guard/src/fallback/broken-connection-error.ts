import { GuardError } from '../guard-error.ts'

/** An adapter's way to say that the connection broke after something may have been sent. */
export class BrokenConnectionError extends GuardError {
  override readonly name = 'BrokenConnectionError'
  override readonly code = 'CONNECTION_BROKEN'

  constructor(details: { dependency: string; cause: unknown }) {
    super(details.dependency, `the connection to ${details.dependency} broke`, { cause: details.cause })
  }
}
