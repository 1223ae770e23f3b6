/** The base of every error a guard raises by itself: `code` says which, `dependency` whose guard. */
export abstract class GuardError extends Error {
  abstract readonly code: string
  /** The name of the guard, usually `caller>dependency`. */
  readonly dependency: string

  constructor(dependency: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.dependency = dependency
  }

  /** The class name, also after a bundler has renamed the class. */
  abstract override readonly name: string
}

/**
 * Makes an error without capturing a stack. A refusal is an answer, not a bug: its stack would only show the guard, and
 * capturing it costs more than the rest of a rejected call. Where the limit cannot be set the stack is captured.
 */
export function withoutStack<E extends Error>(make: () => E): E {
  const limit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = 0
  } catch {
    return make()
  }
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}
