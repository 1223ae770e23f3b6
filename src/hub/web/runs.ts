/** A drill as the hub lists it. */
export interface DrillEntry {
  readonly name: string
  readonly title: string
  readonly proves: readonly string[]
  readonly problems: readonly string[]
  readonly hypothesis: string | undefined
}

/** One drill that runs, or the last that ran. */
export interface HubRun {
  readonly drill: string
  readonly by: string
  readonly startedAt: string
  readonly state: 'running' | 'stopping' | 'ended'
  readonly step: string
  readonly events: readonly { readonly atMs: number; readonly text: string }[]
  /** By load, each half second: how many requests ended how, and the slowest. */
  readonly loads: Readonly<Record<string, readonly LoadBin[]>>
  /** By probe, the latest looks. */
  readonly probes: Readonly<Record<string, readonly (readonly [atMs: number, value: number | null])[]>>
  readonly verdict: RunVerdict | undefined
  /** Why it could not run. */
  readonly trouble: string | undefined
}

export interface LoadBin {
  readonly atMs: number
  readonly ok: number
  readonly degraded: number
  readonly failed: number
  readonly slowestMs: number
}

export interface RunVerdict {
  readonly verdict: 'supported' | 'refuted' | 'unknown'
  readonly claims: readonly { readonly claim: string; readonly verdict: string; readonly because: string }[]
  readonly record: string | undefined
}
