const FIRST_WAIT_MS = 100
const WAIT_MAX_MS = 10_000
/** Who lives so long has recovered: earlier failures are forgotten. */
const STABLE_MS = 10_000

/** Whether a process that ended starts again; an unknown status counts as a failure. */
export function shouldRestart(when: 'always' | 'on-failure' | 'never', status: number | undefined): boolean {
  return when === 'always' || (when === 'on-failure' && status !== 0)
}

/** How long to wait before the next start: doubling from 100 ms to 10 s while lives stay short. */
export function backoffMs(life: { failures: number; ranMs: number }): { failures: number; ms: number } {
  const failures = life.ranMs >= STABLE_MS ? 1 : life.failures + 1
  return { failures, ms: Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) }
}
