import { setTimeout as pause } from 'node:timers/promises'
import { reasonOf } from '../drill-error.ts'
import type { FaultJob, FaultKind } from '../fault/fault.ts'
import { readPart } from '../fault/lab-target.ts'
import { faultOf } from '../fault/list.ts'
import { isWithin } from '../format/bound.ts'
import type { PlannedStep } from '../format/plan.ts'
import { undoFaults } from '../safety/undo-faults.ts'
import { armWatchdog } from '../safety/watchdog.ts'
import type { ProbeReader } from './probe-reader.ts'
import type { Landing, Look, TrialEvent } from './result.ts'
import type { RunContext } from './run-context.ts'

const LOOK_MS = 200
const UNDO_ATTEMPTS = 3

export interface InjectOptions {
  readonly probes: ProbeReader
  /** Ends the hold time early. */
  readonly signal: AbortSignal
  readonly note: (kind: TrialEvent['kind'], text: string) => void
  /** Called when the first fault begins to be applied, and after each undo. */
  readonly onFault: () => void
  readonly onMended: () => void
}

export interface Injected {
  readonly landings: readonly Landing[]
  /** What could not be undone, and why. */
  readonly left: readonly string[]
}

/**
 * One fault on its targets, from its entry in the journal to the end of its residue check. The undo is tried whatever
 * happened before it, and a fault that somebody else undid meanwhile (its time to live was over) did not hold.
 */
export async function inject(context: RunContext, step: PlannedStep, options: InjectOptions): Promise<Injected> {
  const { probes, signal, note } = options
  await wait(step.atMs, signal)
  if (signal.aborted) return { landings: [], left: [] }
  const kind = faultOf(step.kind)
  const targets = await chooseNow(context, step)
  if (targets.length === 0) return { landings: [missTargets(step)], left: [] }
  const before = step.landed && (await probes.look(step.landed.probe))
  const jobs = targets.map((target, i) => makeJob(context, step, { target, i }))
  const noted: FaultJob[] = []
  let failure: string | undefined
  try {
    await armWatchdog(context.folder, context.scene)
    for (const job of jobs) noted.push(await applyOne(context, { kind, step, job, options }))
  } catch (error) {
    failure = `${step.fault} could not be applied: ${reasonOf(error)}`
    note('trouble', failure)
  }
  const endsAt = performance.now() + step.forMs
  const seen = failure === undefined ? await watchLanding(context, { kind, step, noted, before, endsAt, options }) : []
  const left = await undoStep(context, jobs, options)
  options.onMended()
  const landings = jobs.map(({ fault, target }, i) => {
    const sighting = seen[i] ?? { isSeen: false, how: failure ?? 'it was not seen to land' }
    return { fault, target, ...sighting }
  })
  return { landings, left }
}

/** Those of the targets that are what the drill wants to hit, such as the leader, at this moment. */
async function chooseNow({ scene }: RunContext, { targets, where }: PlannedStep): Promise<readonly string[]> {
  if (!where) return targets
  const looks = targets.map(async (target) => {
    const { figures } = await readPart({ target }, scene)
    return Object.entries(where).every(([name, wanted]) => figures[name] === wanted) ? [target] : []
  })
  return (await Promise.all(looks)).flat()
}

function missTargets({ fault, targets, where = {} }: PlannedStep): Landing {
  const wanted = Object.entries(where).map(([name, value]) => `${name} ${value}`)
  return { fault, target: targets.join(', '), isSeen: false, how: `none of them says ${wanted.join(' and ')}` }
}

function makeJob({ run, plan }: RunContext, step: PlannedStep, { target, i }: { target: string; i: number }): FaultJob {
  const now = Date.now()
  return {
    id: `${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}-${run.slice(-6)}-${plan.steps.indexOf(step)}-${i}`,
    run,
    drill: plan.input.drill,
    kind: step.kind,
    fault: step.fault,
    target,
    settings: step.settings,
    plannedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + step.liveMs).toISOString(),
    before: {},
    failures: 0,
    lastError: undefined,
  }
}

interface Applying {
  readonly kind: FaultKind
  readonly step: PlannedStep
  readonly job: FaultJob
  readonly options: InjectOptions
}

/** The entry is on disk before the fault; a fault whose entry is gone once it is applied has nobody to undo it but us. */
async function applyOne({ folder, scene }: RunContext, { kind, step, job, options }: Applying): Promise<FaultJob> {
  const noted = { ...job, before: await kind.note(job, scene) }
  folder.writeEntry(noted)
  if (!step.isStage) options.onFault()
  options.note('fault', `${job.fault} of ${job.target}`)
  await kind.apply(noted, scene)
  if (folder.hasEntry(job.id)) return noted
  folder.writeEntry(noted)
  throw new Error('its time to live was over before it was applied')
}

interface Watching {
  readonly kind: FaultKind
  readonly step: PlannedStep
  readonly noted: readonly FaultJob[]
  /** The look of the probe that shows the landing, before the fault. */
  readonly before: Look | undefined
  readonly endsAt: number
  readonly options: InjectOptions
}

/** Looks until each target was seen to be hit, and on to the end of the hold time: what is gone by then did not hold. */
async function watchLanding(context: RunContext, watching: Watching): Promise<Pick<Landing, 'isSeen' | 'how'>[]> {
  const { noted, endsAt, options } = watching
  const seen: (Pick<Landing, 'isSeen' | 'how'> | undefined)[] = noted.map(() => undefined)
  while (true) {
    for (const [i, job] of noted.entries()) {
      if (seen[i]?.isSeen) continue
      seen[i] = await sightOne(context, watching, job)
      if (seen[i]?.isSeen) options.note('landed', `${job.fault} of ${job.target} landed: ${seen[i]?.how}`)
    }
    const leftMs = endsAt - performance.now()
    if (leftMs <= 0 || options.signal.aborted) break
    await wait(Math.min(LOOK_MS, leftMs), options.signal)
  }
  return noted.map((job, i) => {
    if (context.folder.hasEntry(job.id)) return seen[i] ?? { isSeen: false, how: 'it was not seen to land' }
    return { isSeen: false, how: 'it was undone by the watchdog before its time: it did not hold' }
  })
}

async function sightOne(context: RunContext, { kind, step, before, options }: Watching, job: FaultJob) {
  try {
    const own = await kind.sight(job, context.scene)
    if (!step.landed || own?.isSeen === false) return own ?? { isSeen: false, how: 'nothing shows whether it landed' }
    const { probe, is, reaches, rises } = step.landed
    const { value, reason } = await options.probes.look(probe)
    const bound = is ?? reaches
    const rise = typeof value === 'number' && typeof before?.value === 'number' ? value - before.value : undefined
    const isSeen = rises ? isWithin(rise, rises) === true : bound !== undefined && isWithin(value, bound) === true
    const found = rises
      ? `rose by ${rise ?? `unknown (${reason ?? before?.reason})`}`
      : `is ${value ?? `unknown (${reason})`}`
    return { isSeen, how: `${probe} ${found}` }
  } catch (error) {
    return { isSeen: false, how: reasonOf(error) }
  }
}

async function undoStep(context: RunContext, jobs: readonly FaultJob[], { note }: InjectOptions): Promise<string[]> {
  const ids = new Set(jobs.map(({ id }) => id))
  const { undone, left } = await undoFaults(context.folder, context.scene, {
    isDue: ({ id }) => ids.has(id),
    attempts: UNDO_ATTEMPTS,
    onFailure: (job, reason) => note('trouble', `the undo of ${job.fault} of ${job.target} failed: ${reason}`),
  })
  for (const { fault, target } of undone) note('undone', `${fault} of ${target} is undone`)
  return left.map(({ job, reason }) => `${job.fault} of ${job.target}: ${reason}`)
}

/** Resolves early when the signal aborts. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await pause(ms, undefined, { signal }).catch(() => undefined)
}
