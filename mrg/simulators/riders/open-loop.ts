/** Load that does not wait for answers, as real riders do not wait for each other. */
export interface OpenLoop {
  readonly inFlight: number
  readonly perSecond: number
  /** 0 stops it. */
  setRate(perSecond: number): void
  stop(): void
}

/** Further behind than this the schedule starts afresh; what was missed counts as shed. */
const BEHIND_MS_MAX = 1_000

/**
 * Starts one after the other on a fixed schedule, whatever became of those before. A start that finds `inFlightMax`
 * under way is shed. `start` gets the moment it was due (of `performance.now`), so that a late start is no excuse.
 */
export function createOpenLoop(options: {
  perSecond: number
  inFlightMax: number
  start: (dueMs: number) => Promise<void>
  onShed: () => void
}): OpenLoop {
  let { perSecond } = options
  let inFlight = 0
  let dueMs = performance.now()
  let timer: NodeJS.Timeout | undefined

  function wait(): void {
    clearTimeout(timer)
    if (perSecond > 0) timer = setTimeout(startDue, Math.max(0, dueMs - performance.now()))
  }

  function startDue(): void {
    const everyMs = 1_000 / perSecond
    const nowMs = performance.now()
    for (; dueMs < nowMs - BEHIND_MS_MAX; dueMs += everyMs) options.onShed()
    for (; dueMs <= nowMs; dueMs += everyMs) void startOne(dueMs)
    wait()
  }

  async function startOne(dueMs: number): Promise<void> {
    if (inFlight >= options.inFlightMax) return options.onShed()
    inFlight += 1
    try {
      await options.start(dueMs)
    } finally {
      inFlight -= 1
    }
  }

  wait()
  return {
    get inFlight() {
      return inFlight
    },
    get perSecond() {
      return perSecond
    },
    setRate(next) {
      perSecond = next
      dueMs = performance.now()
      wait()
    },
    stop() {
      perSecond = 0
      clearTimeout(timer)
    },
  }
}
