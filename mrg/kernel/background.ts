import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'

export interface Background {
  /** Runs the work again now instead of after its pause. */
  nudge(): void
  /** Lets the run under way end. */
  stop(): Promise<void>
}

/**
 * Does `work` again and again until it is stopped. Work that says `again` is repeated at once; work that throws is
 * reported and repeated after the pause: a background job of a service never dies of one bad moment.
 */
export function repeat(
  work: () => Promise<'again' | undefined>,
  options: { name: string; everyMs: number; log: Logger },
): Background {
  const stopping = new AbortController()
  let waking = new AbortController()
  let isNudged = false
  const run = async () => {
    while (!stopping.signal.aborted) {
      isNudged = false
      const outcome = await work().catch((error: unknown) => {
        if (!stopping.signal.aborted) options.log.warn({ err: error, job: options.name }, 'background job failed')
        return undefined
      })
      if (outcome === 'again' || isNudged) continue
      waking = new AbortController()
      const signal = AbortSignal.any([stopping.signal, waking.signal])
      await pause(options.everyMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    nudge() {
      isNudged = true
      waking.abort()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}
