import { relative } from 'node:path'
import type { DrillResult, Observer } from '../../drill/index.ts'
import type { HubRun, LoadBin, Person } from '../../hub/index.ts'
import { findDrills } from '../find-drills.ts'
import { openDrill } from '../open-drill.ts'
import { prepareLab, runPrepared } from '../run-drill.ts'
import type { Audit } from './audit.ts'

const TELL_EVERY_MS = 250
const BIN_MS = 500
/** Ten minutes of load, and as many looks of a probe. */
const KEPT_MAX = 1_200

interface DeskOptions {
  readonly vault: string
  /** Aborted when the server ends: a drill under way undoes its faults first. */
  readonly signal: AbortSignal
  readonly audit: Audit
  readonly onChange: (run: HubRun) => void
}

export interface RunDesk {
  readonly runDrill: (name: string, by: Person) => Promise<void>
  readonly stopDrill: (by: Person) => Promise<void>
  /** Resolves when no drill is under way. */
  readonly settled: () => Promise<void>
}

type Draft = { -readonly [Key in keyof HubRun]: HubRun[Key] }

/** Runs one drill at a time for the hub, and tells what is to be seen of it four times a second. */
export function createRunDesk({ vault, signal, audit, onChange }: DeskOptions): RunDesk {
  let run: Draft | undefined
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const tell = () => run && onChange({ ...run })

  async function runDrill(name: string, { name: by }: Person): Promise<void> {
    if (run && run.state !== 'ended') throw new Error(`The drill ${run.drill} is under way. Wait for it, or stop it.`)
    const found = findDrills(vault).find(({ drill }) => drill?.input.drill === name)
    if (!found?.drill) throw new Error(`There is no drill "${name}" without problems here.`)
    const opened = openDrill(found.drill, {})
    audit({ by, did: `run drill ${name}`, outcome: 'started' })
    stopping = new AbortController()
    run = begin(name, by)
    const timer = setInterval(tell, TELL_EVERY_MS)
    const end = AbortSignal.any([signal, stopping.signal])
    const observer = watchRun(run)
    running = prepareLab(opened, { signal: end, onProgress: () => undefined })
      .then(() => runPrepared(opened, found, { observer, signal: end }))
      .then(({ result, record }) => conclude(run as Draft, result, record && relative(vault, record)))
      .catch((error: unknown) => giveUp(run as Draft, error))
      .finally(() => {
        clearInterval(timer)
        audit({ by, did: `run drill ${name}`, outcome: run?.verdict?.verdict ?? run?.trouble ?? 'ended' })
        tell()
      })
  }

  async function stopDrill({ name: by }: Person): Promise<void> {
    if (run?.state !== 'running') throw new Error('No drill is under way.')
    audit({ by, did: `stop drill ${run.drill}`, outcome: 'undoing' })
    run.state = 'stopping'
    stopping.abort()
    tell()
  }
  return { runDrill, stopDrill, settled: () => running }
}

function begin(drill: string, by: string): Draft {
  return {
    drill,
    by,
    startedAt: new Date().toISOString(),
    state: 'running',
    step: 'preparing the lab',
    events: [],
    loads: {},
    probes: {},
    verdict: undefined,
    trouble: undefined,
  }
}

/** What the drill reports, gathered for a picture. */
function watchRun(run: Draft): Observer {
  return {
    onStep: (text) => {
      run.step = text
    },
    onEvent: ({ atMs, text }) => {
      run.events = [...run.events, { atMs, text }]
    },
    onSample: ({ load, atMs, outcome, tookMs }) => {
      const bins = run.loads[load] ?? []
      run.loads = { ...run.loads, [load]: addToBins(bins, { atMs, outcome, tookMs }).slice(-KEPT_MAX) }
    },
    onLook: (probe, { atMs, value }) => {
      const looks = [...(run.probes[probe] ?? []), [atMs, typeof value === 'number' ? value : null] as const]
      run.probes = { ...run.probes, [probe]: looks.slice(-KEPT_MAX) }
    },
  }
}

function addToBins(
  bins: readonly LoadBin[],
  { atMs, outcome, tookMs }: { atMs: number; outcome: 'ok' | 'degraded' | 'failed'; tookMs: number },
): LoadBin[] {
  const begunMs = Math.floor(atMs / BIN_MS) * BIN_MS
  const known = bins.findLast((bin) => bin.atMs === begunMs)
  const bin = known ?? { atMs: begunMs, ok: 0, degraded: 0, failed: 0, slowestMs: 0 }
  const grown = { ...bin, [outcome]: bin[outcome] + 1, slowestMs: Math.max(bin.slowestMs, tookMs) }
  const rest = bins.filter((other) => other !== known)
  return [...rest, grown].sort((a, b) => a.atMs - b.atMs)
}

function conclude(run: Draft, { verdict, claims }: DrillResult, record: string | undefined): void {
  run.state = 'ended'
  run.step = 'ended'
  run.verdict = {
    verdict,
    claims: claims.map(({ claim, verdict, because }) => ({ claim, verdict, because })),
    record,
  }
}

function giveUp(run: Draft, error: unknown): void {
  run.state = 'ended'
  run.step = 'could not run'
  run.trouble = error instanceof Error ? error.message : String(error)
}
