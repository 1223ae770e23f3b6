import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { identify } from '../../lab/index.ts'
import type { SystemModel } from '../../model/index.ts'
import { DrillError } from '../drill-error.ts'
import type { DrillPlan } from '../format/plan.ts'
import { requireConfirmed } from '../safety/confirm.ts'
import { DrillFolder } from '../safety/drill-folder.ts'
import { lockDrill } from '../safety/locks.ts'
import { armWatchdog } from '../safety/watchdog.ts'
import { wait } from './inject.ts'
import { judgeTrial, timedLoads } from './judge-trial.ts'
import { observe } from './observe.ts'
import { ProbeReader } from './probe-reader.ts'
import type { ClaimVerdict, DrillResult, TrialResult, Verdict } from './result.ts'
import type { Observer, RunContext } from './run-context.ts'
import { findUnsteady, verify } from './steady-state.ts'

const LOOKS_BEFORE = 3
const LOOKS_BETWEEN = 30
const LOOK_AGAIN_MS = 1_000

export interface RunOptions {
  /** The command that runs linchpin, for the watchdog and helpers. */
  readonly self: readonly string[]
  readonly observer: Observer
  readonly signal: AbortSignal
  readonly model: SystemModel | undefined
  /** The environment outside of the lab that may be broken. */
  readonly confirmed?: string | undefined
}

/**
 * The life of a run:
 * 1. One drill at a time: the lab's lock is taken, and what an earlier drill left is a reason to refuse.
 * 2. The environment is checked: what the machine lacks, steady state, the lab's own check. A lab that is broken before
 *    the fault is refused with a `DrillError`.
 * 3. The run is on record and its watchdog on guard.
 * 4. For each trial the load begins, and runs for a while.
 * 5. For each fault: its undo goes to the journal, on disk; it is applied; it is watched until it was seen to land.
 * 6. The recovery runs, if there is one; the faults hold for their time, or until an abort condition or Ctrl-C.
 * 7. Each fault is undone, and looked for once more: nothing may be left of it.
 * 8. Steady state must come back while the load goes on; then the lab's own check counts what was lost.
 * 9. Every expectation is held against what was measured: a verdict for each claim in this trial.
 * 10. The run ends: a claim is supported if every trial supports it, refuted if one does, else unknown. The caller
 *     writes the record.
 */
export async function runDrill(plan: DrillPlan, options: RunOptions): Promise<DrillResult> {
  requireConfirmed(plan.lab, options.confirmed)
  const folder = new DrillFolder(plan.labFile)
  folder.open()
  const release = await lockDrill(folder.path)
  if (!release) throw new DrillError('wrong-use', 'Another drill is at work on this lab. Wait for it, or stop it.')
  const context = createContext(plan, folder, options)
  const startedAt = new Date()
  try {
    const refusal = await findRefusal(context)
    if (refusal) throw refusal
    if (plan.lacks.length > 0) return conclude(context, { startedAt, trials: [], lacks: plan.lacks })
    record(context, startedAt)
    await armWatchdog(folder, context.scene)
    const trials: TrialResult[] = []
    for (let n = 1; n <= plan.trials && !options.signal.aborted; n++) {
      if (n > 1) await requireSteady(context, n)
      options.observer.onStep(plan.trials > 1 ? `trial ${n} of ${plan.trials}` : 'load begins')
      const trialStartedAt = new Date().toISOString()
      const observation = await observe(context, n)
      trials.push(await judgeTrial(plan, observation, { n, startedAt: trialStartedAt, model: options.model }))
      if (observation.left.length > 0 || observation.aborted !== undefined) break
    }
    return conclude(context, { startedAt, trials, lacks: [] })
  } finally {
    if (folder.readEntries().length === 0 && folder.readRun()?.run === context.run) folder.forgetRun()
    release()
  }
}

function createContext(plan: DrillPlan, folder: DrillFolder, options: RunOptions): RunContext {
  const moment = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const run = `${moment}-${plan.input.drill}-${randomBytes(3).toString('hex')}`
  const runFolder = join(folder.runs, run)
  mkdirSync(runFolder, { recursive: true })
  const scene = { labFile: plan.labFile, outside: plan.lab.outside, folder: folder.path, self: options.self }
  return { plan, run, scene, folder, runFolder, observer: options.observer, signal: options.signal }
}

async function findRefusal(context: RunContext): Promise<DrillError | undefined> {
  const { folder, observer } = context
  const left = folder.readEntries()
  if (left.length > 0)
    return new DrillError(
      'failed',
      ...left.map(({ fault, target, drill }) => `${fault} of ${target} is left of the drill ${drill}.`),
      'Run linchpin drill undo first. Nothing was broken.',
    )
  observer.onStep('checking steady state')
  const complaints = await findStillUnsteady(context, LOOKS_BEFORE)
  if (complaints.length > 0)
    return new DrillError(
      'failed',
      ...complaints.map(capitalise),
      'The lab is not steady before the fault. Nothing was broken.',
    )
  const { state, output } = await verify(context)
  if (state === 'fine' || state === 'not declared') return undefined
  return new DrillError('failed', output, "The lab's own check is not clean before the fault. Nothing was broken.")
}

async function requireSteady(context: RunContext, n: number): Promise<void> {
  const complaints = await findStillUnsteady(context, LOOKS_BETWEEN)
  if (complaints.length === 0) return
  throw new DrillError('failed', ...complaints.map(capitalise), `The lab is not steady before trial ${n}.`)
}

/** What is still not as it should be after so many looks: on a busy machine a part may be late with one answer. */
async function findStillUnsteady(context: RunContext, looks: number): Promise<readonly string[]> {
  for (let look = 1; ; look++) {
    const complaints = await findUnsteady(context, makeReader(context))
    if (complaints.length === 0 || look >= looks || context.signal.aborted) return complaints
    await wait(LOOK_AGAIN_MS, context.signal)
  }
}

function makeReader(context: RunContext): ProbeReader {
  return new ProbeReader(context, { originMs: performance.now(), acknowledgedFolder: context.runFolder })
}

function record({ folder, plan, run }: RunContext, startedAt: Date): void {
  const runner = identify(process.pid)
  if (!runner) throw new DrillError('failed', 'This process cannot identify itself. Nothing was broken.')
  const { labFile, input } = plan
  folder.writeRun({ format: 1, run, drill: input.drill, runner, labFile, startedAt: startedAt.toISOString() })
}

interface Findings {
  readonly startedAt: Date
  readonly trials: readonly TrialResult[]
  /** Not empty: nothing was tried. */
  readonly lacks: readonly string[]
}

function conclude({ plan, run, runFolder }: RunContext, { startedAt, trials, lacks }: Findings): DrillResult {
  const endedAt = new Date()
  const claims = plan.claims.map((claim) => judgeOverTrials(claim, trials, lacks))
  const { verdict, because } = worstOf(trials.length > 0 ? trials.map(({ overall }) => overall) : [untried(lacks)])
  const rates = timedLoads(plan).flatMap((load) => plan.input.load?.[load]?.rate ?? [])
  return {
    run,
    drill: plan.input.drill,
    title: plan.input.title ?? plan.input.drill,
    environment: plan.lab.outside ?? `lab:${plan.lab.profile}`,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    tookMs: endedAt.getTime() - startedAt.getTime(),
    resolutionMs: rates.length > 0 ? Math.round(1_000 / Math.min(...rates)) : undefined,
    trials,
    claims,
    verdict,
    because,
    folder: runFolder,
  }
}

function judgeOverTrials(claim: string, trials: readonly TrialResult[], lacks: readonly string[]): ClaimVerdict {
  const verdicts = trials.flatMap((trial) => trial.claims.filter((one) => one.claim === claim))
  return { claim, ...worstOf(verdicts.length > 0 ? verdicts : [untried(lacks)]) }
}

function untried(lacks: readonly string[]): Omit<ClaimVerdict, 'claim'> {
  const because = lacks.length > 0 ? `this machine lacks what it needs: ${lacks.join('; ')}` : 'it was not tried'
  return { verdict: 'unknown', because }
}

const ORDER: readonly Verdict[] = ['refuted', 'unknown', 'supported']

function worstOf(verdicts: readonly Omit<ClaimVerdict, 'claim'>[]): Omit<ClaimVerdict, 'claim'> {
  for (const wanted of ORDER) {
    const found = verdicts.find(({ verdict }) => verdict === wanted)
    if (found) return { verdict: found.verdict, because: found.because }
  }
  return { verdict: 'unknown', because: 'it was not tried' }
}

function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
