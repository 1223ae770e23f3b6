import { GuardError } from '../guard-error.ts'

/** The caller gave up through its own signal; `cause` is the reason it gave. Not a failure of the dependency. */
export class CallerAbortedError extends GuardError {
  override readonly name = 'CallerAbortedError'
  override readonly code = 'CALLER_ABORTED'
  /** True if an attempt had begun: the dependency may have acted on it. */
  readonly started: boolean

  constructor(details: { dependency: string; started: boolean; cause: unknown }) {
    super(details.dependency, `the caller gave up on ${details.dependency}`, { cause: details.cause })
    this.started = details.started
  }
}
