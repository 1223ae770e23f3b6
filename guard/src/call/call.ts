/** What the guarded function receives: one attempt of one call. */
export interface Call<Input = unknown> {
  /** What the caller gave as `input`. */
  readonly input: Input
  /** Number of the attempt, from 1. */
  readonly attempt: number
  /** Aborts when the attempt's deadline passes or the caller gives up, with the guard's error as its reason. */
  readonly signal: AbortSignal
  /**
   * Keeps the attempt open until `ended` settles, although the function has returned: its deadline, its place in the
   * bulkhead and its verdict then cover a body that is still being read. The caller gets the result at once.
   */
  until(ended: PromiseLike<unknown>): void
}

export interface RunOptions<Input = unknown> {
  /** Handed to the function and the fallbacks. */
  readonly input?: Input
  /** The caller's signal: when it aborts, the call ends with a `CallerAbortedError`. */
  readonly signal?: AbortSignal | undefined
  /** Names the answer in the cache. Without it the answer is not kept. */
  readonly key?: string
  /** For this call, instead of the guard's setting. False also means that this call is not retried. */
  readonly idempotent?: boolean
}
