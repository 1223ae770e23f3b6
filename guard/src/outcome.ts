/** What a finished call says about the dependency: `ignore` neither trips nor closes a breaker. */
export type Outcome = 'success' | 'failure' | 'ignore'

/**
 * The user's rules for what counts. Either may be absent: then every error is a failure and every result a success.
 * A rule that throws, or answers something else, is counted as a hook error and changes nothing.
 */
export interface Judge {
  error?: (error: unknown) => Outcome
  result?: (result: unknown) => Outcome
}

/** Applies a rule; whatever it does wrong, the answer is an outcome. */
export function judge(
  rule: ((value: unknown) => Outcome) | undefined,
  value: unknown,
  otherwise: { outcome: Outcome; onHookError: (error: unknown) => void },
): Outcome {
  if (rule === undefined) return otherwise.outcome
  try {
    const outcome = rule(value)
    if (outcome === 'success' || outcome === 'failure' || outcome === 'ignore') return outcome
    otherwise.onHookError(new TypeError(`a judge answered ${String(outcome)}`))
  } catch (error) {
    otherwise.onHookError(error)
  }
  return otherwise.outcome
}
