/** The time and the timers a guard runs on. Passed in, so that tests move time themselves and never sleep. */
export interface Clock {
  /** Milliseconds that never step back. Only differences are used, so the origin does not matter. */
  now(): number
  /** Calls `run` once, `delayMs` from now, and returns a handle for `clearTimer`. */
  setTimer(run: () => void, delayMs: number): TimerHandle
  clearTimer(handle: TimerHandle): void
}

/** What `setTimeout` returns: an object that can be referenced in Node, a number in browsers. */
export type TimerHandle = number | { ref?(): unknown; unref?(): unknown }

/**
 * The monotonic clock of the platform: an hour's step of the wall clock changes nothing.
 * The functions are looked up at each call, so fake timers of a test runner take effect.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (run, delayMs) => setTimeout(run, delayMs),
  clearTimer: (handle) => clearTimeout(handle as number),
}
