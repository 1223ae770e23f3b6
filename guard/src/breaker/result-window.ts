import { CountWindow } from './count-window.ts'
import { TimeWindow } from './time-window.ts'

/** What a breaker remembers of the latest results. Adding is O(1); forgetting is at most one step per bucket. */
export interface ResultWindow {
  readonly total: number
  readonly failed: number
  readonly slow: number
  /** Forgets what is too old at `now`, in milliseconds of the breaker's clock. */
  forget(now: number): void
  /** Remembers one result that ended at `now`; `forget(now)` comes first. Positional: this runs on every call. */
  add(failed: boolean, slow: boolean, now: number): void
  clear(): void
}

/** The last so many calls, or the last so many milliseconds. */
export type WindowSettings =
  | { readonly kind: 'count'; readonly calls: number; readonly forgetAfterMs: number }
  | { readonly kind: 'time'; readonly ms: number }

export function createResultWindow(settings: WindowSettings): ResultWindow {
  return settings.kind === 'count'
    ? new CountWindow(settings.calls, settings.forgetAfterMs)
    : new TimeWindow(settings.ms)
}
