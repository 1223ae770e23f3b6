/** What wants to know that a caller has given up. */
export interface CallerWatcher {
  onCallerAborted(reason: unknown): void
}

const watchersOf = new WeakMap<AbortSignal, Set<CallerWatcher>>()

/**
 * Tells `watcher` when `signal` aborts. However many calls share a signal, it gets one listener: a thousand
 * concurrent calls on one request's signal raise no leak warning. `signal` must not be aborted yet.
 */
export function watchCaller(signal: AbortSignal, watcher: CallerWatcher): void {
  let watchers = watchersOf.get(signal)
  if (watchers === undefined) {
    watchers = new Set()
    watchersOf.set(signal, watchers)
    signal.addEventListener('abort', () => tellWatchers(signal), { once: true })
  }
  watchers.add(watcher)
}

export function unwatchCaller(signal: AbortSignal, watcher: CallerWatcher): void {
  watchersOf.get(signal)?.delete(watcher)
}

function tellWatchers(signal: AbortSignal): void {
  const watchers = watchersOf.get(signal)
  if (watchers === undefined) return
  watchersOf.delete(signal)
  for (const watcher of watchers) watcher.onCallerAborted(signal.reason)
}
