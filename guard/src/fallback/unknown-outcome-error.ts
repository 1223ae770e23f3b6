import { GuardError } from '../guard-error.ts'

/** The errors some code has asked for by name since `forgetNaming`. */
const named = new WeakSet<object>()

/**
 * A call that is not idempotent was cut off by a deadline or a broken connection (`cause`): the dependency may or may
 * not have acted on it. Sending it again could order two taxis, so it is neither retried nor handed to a fallback that
 * does not know about it. A fallback shows that it knows by asking `error instanceof UnknownOutcomeError`: until it
 * has asked it cannot read `call.input`, and without asking its answer is not used.
 */
export class UnknownOutcomeError extends GuardError {
  override readonly name = 'UnknownOutcomeError'
  override readonly code = 'UNKNOWN_OUTCOME'

  constructor(details: { dependency: string; cause: unknown }) {
    super(details.dependency, `it is unknown whether ${details.dependency} acted on the call`, { cause: details.cause })
  }

  static override [Symbol.hasInstance](value: unknown): value is UnknownOutcomeError {
    const isInstance = Function.prototype[Symbol.hasInstance].call(UnknownOutcomeError, value)
    if (isInstance) named.add(value as object)
    return isInstance
  }
}

/** True for an `UnknownOutcomeError`, without counting as naming it. */
export function isUnknownOutcome(error: unknown): error is UnknownOutcomeError {
  return Function.prototype[Symbol.hasInstance].call(UnknownOutcomeError, error)
}

export function wasNamed(error: UnknownOutcomeError): boolean {
  return named.has(error)
}

export function forgetNaming(error: UnknownOutcomeError): void {
  named.delete(error)
}
