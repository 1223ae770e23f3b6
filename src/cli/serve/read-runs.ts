import { type KeptResult, listKeptRuns, readKeptResult } from '../../drill/index.ts'
import type { Evidence, StoredRecord } from '../../evidence/index.ts'
import type { HubRuns, KeptRun, KeptTrial, LoadBin, RunEntry } from '../../hub/index.ts'
import type { LabFile } from '../../lab/index.ts'

const BIN_MS = 500
/** Older ones stand in the evidence still. */
const KEPT_MAX = 500

/**
 * Every run that left a record or a folder: a record says what was found out, the folder of the lab what was measured
 * meanwhile. Folders are read once, because a run that ended does not change.
 */
export function createRunReader(findLab: () => LabFile | undefined): (evidence: Evidence) => HubRuns {
  const known = new Map<string, KeptResult>()
  const readKept = (): KeptResult[] => {
    const labFile = findLab()
    if (!labFile) return []
    const names = listKeptRuns(labFile).slice(-KEPT_MAX)
    for (const name of names.filter((name) => !known.has(name))) {
      const result = readKeptResult(labFile, name)
      if (result) known.set(name, result)
    }
    return names.flatMap((name) => known.get(name) ?? [])
  }
  return ({ records }) => ({
    list: () => joinRuns(records, readKept()).map(({ entry }) => entry),
    run: (id) => {
      const found = joinRuns(records, readKept()).find(({ entry, stored }) =>
        [entry.id, stored?.record.id].includes(id),
      )
      return found && describeRun(found)
    },
  })
}

interface Joined {
  readonly entry: RunEntry
  readonly stored: StoredRecord | undefined
  readonly kept: KeptResult | undefined
}

/** A record is of the run of its drill that ended at its moment. Newest first. */
function joinRuns(records: readonly StoredRecord[], kept: readonly KeptResult[]): Joined[] {
  const keyOf = (drill: string, at: string) => `${drill} ${at}`
  const keptByKey = new Map(kept.map((result) => [keyOf(result.drill, result.endedAt), result]))
  const recorded = records.map((stored): Joined => {
    const { id, at, environment, drill, claims } = stored.record
    const result = keptByKey.get(keyOf(drill.name, at))
    keptByKey.delete(keyOf(drill.name, at))
    const entry = {
      id: result?.run ?? id,
      drill: drill.name,
      at,
      environment,
      verdict: result?.verdict ?? worstOf(claims.map(({ verdict }) => verdict)),
      claims: claims.map(({ claim }) => claim),
      record: stored.file,
      hasTimeline: result !== undefined,
    }
    return { entry, stored, kept: result }
  })
  const unrecorded = [...keptByKey.values()].map((result): Joined => {
    const { run, drill, endedAt, environment, verdict, claims } = result
    const ids = claims.map(({ claim }) => claim)
    return {
      entry: { id: run, drill, at: endedAt, environment, verdict, claims: ids, record: undefined, hasTimeline: true },
      stored: undefined,
      kept: result,
    }
  })
  return [...recorded, ...unrecorded].sort((a, b) => (a.entry.at < b.entry.at ? 1 : -1))
}

function worstOf(verdicts: readonly RunEntry['verdict'][]): RunEntry['verdict'] {
  return verdicts.includes('refuted')
    ? 'refuted'
    : verdicts.every((one) => one === 'supported')
      ? 'supported'
      : 'unknown'
}

function describeRun({ entry, stored, kept }: Joined): KeptRun {
  const because = kept?.because ?? stored?.record.claims.map(({ because }) => because)[0] ?? ''
  const figures = stored?.record.claims[0]?.trials ?? []
  const trials = kept
    ? kept.trials.map(describeTrial)
    : figures.map((measured) => ({ figures: { ...measured }, events: [], loads: {}, probes: {} }))
  return { ...entry, tookMs: kept?.tookMs ?? stored?.record.tookMs, because, trials }
}

function describeTrial({ measured, faultMs, events, timeline, looks }: KeptResult['trials'][number]): KeptTrial {
  const probes = Object.entries(looks).map(([name, all]) => [
    name,
    all.map(({ atMs, value }) => [atMs, typeof value === 'number' ? value : null] as const),
  ])
  return {
    figures: measured,
    faultMs,
    events,
    loads: Object.fromEntries(Object.entries(timeline).map(([load, buckets]) => [load, toBins(buckets)])),
    probes: Object.fromEntries(probes),
  }
}

/** Tenths of a second to the half seconds that pages draw. */
function toBins(buckets: KeptResult['trials'][number]['timeline'][string]): LoadBin[] {
  const bins = new Map<number, LoadBin>()
  for (const { atMs, ok, degraded, failed, slowestMs = 0 } of buckets) {
    const begunMs = Math.floor(atMs / BIN_MS) * BIN_MS
    const bin = bins.get(begunMs) ?? { atMs: begunMs, ok: 0, degraded: 0, failed: 0, slowestMs: 0 }
    bins.set(begunMs, {
      atMs: begunMs,
      ok: bin.ok + ok,
      degraded: bin.degraded + degraded,
      failed: bin.failed + failed,
      slowestMs: Math.max(bin.slowestMs, slowestMs),
    })
  }
  return [...bins.values()]
}
