import { DeadlineError } from '../deadline/deadline-error.ts'
import { withoutStack } from '../guard-error.ts'
import type { Clock } from '../time/clock.ts'
import { CallbackTimer, type TimerWheel } from '../time/timer-wheel.ts'
import { forgetNaming, isUnknownOutcome, type UnknownOutcomeError, wasNamed } from './unknown-outcome-error.ts'

/** What a fallback knows about the call it answers for. */
export interface FallbackCall<Input> {
  /** What the caller gave as `input`. */
  readonly input: Input
  /** What the caller gave as `key`. */
  readonly key: string | undefined
  /** Attempts begun. 0 means that nothing was sent. */
  readonly attempts: number
  /** The caller's signal, if it gave one. */
  readonly signal: AbortSignal | undefined
}

/**
 * Answers in place of a call that failed with `error`. To answer for a call whose outcome is unknown it must ask
 * `error instanceof UnknownOutcomeError`, see there; so a function without parameters is never asked.
 */
export type Fallback<Input, Answer> = (error: unknown, call: FallbackCall<Input>) => Answer | PromiseLike<Answer>

export interface FallbackContext {
  readonly dependency: string
  /** The bound on each fallback, in milliseconds. */
  readonly deadlineMs: number | undefined
  readonly clock: Clock
  readonly wheel: TimerWheel
}

/**
 * The answer of the first fallback that does not throw. Each receives the error of the call, not that of the fallback
 * before it: an unknown outcome stays one. If none answers, throws what the last one that handled it threw, or `error`.
 */
export async function answerInstead<Input>(
  fallbacks: readonly Fallback<Input, unknown>[],
  failure: { error: unknown; call: FallbackCall<Input> },
  context: FallbackContext,
): Promise<unknown> {
  let last = failure.error
  for (const fallback of fallbacks) {
    const attempt = isUnknownOutcome(failure.error)
      ? await askAboutUnknownOutcome(fallback, { ...failure, error: failure.error }, context)
      : await ask(() => fallback(failure.error, failure.call), context)
    if (attempt.kind === 'answered') return attempt.value
    if (attempt.kind === 'threw') last = attempt.error
  }
  throw last
}

type Attempt =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'did-not-name-it' }

async function askAboutUnknownOutcome<Input>(
  fallback: Fallback<Input, unknown>,
  failure: { error: UnknownOutcomeError; call: FallbackCall<Input> },
  context: FallbackContext,
): Promise<Attempt> {
  const { error, call } = failure
  if (fallback.length === 0) return { kind: 'did-not-name-it' }
  forgetNaming(error)
  const guarded = {
    key: call.key,
    attempts: call.attempts,
    signal: call.signal,
    get input(): Input {
      if (!wasNamed(error)) throw error
      return call.input
    },
  }
  const attempt = await ask(() => fallback(error, guarded), context)
  return wasNamed(error) ? attempt : { kind: 'did-not-name-it' }
}

async function ask(answer: () => unknown, context: FallbackContext): Promise<Attempt> {
  try {
    const pending = answer()
    return {
      kind: 'answered',
      value: await (context.deadlineMs === undefined ? pending : withinDeadline(pending, context)),
    }
  } catch (error) {
    return { kind: 'threw', error }
  }
}

function withinDeadline(pending: unknown, context: FallbackContext): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const afterMs = context.deadlineMs as number
    const expiry = new CallbackTimer(() =>
      reject(withoutStack(() => new DeadlineError({ dependency: context.dependency, scope: 'fallback', afterMs }))),
    )
    context.wheel.arm(expiry, afterMs, context.clock.now())
    Promise.resolve(pending)
      .finally(() => context.wheel.disarm(expiry))
      .then(resolve, reject)
  })
}
