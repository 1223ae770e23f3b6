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

/**
 * Applies a rule; whatever the rule does wrong, the answer is an outcome. Positional: this runs on every call.
 */
export function judge(
  rule: ((value: unknown) => Outcome) | undefined,
  value: unknown,
  otherwise: Outcome,
  onHookError: (error: unknown) => void,
): Outcome {
  if (rule === undefined) return otherwise
  try {
    const outcome = rule(value)
    if (outcome === 'success' || outcome === 'failure' || outcome === 'ignore') return outcome
    onHookError(new TypeError(`a judge answered ${String(outcome)}`))
  } catch (error) {
    onHookError(error)
  }
  return otherwise
}
