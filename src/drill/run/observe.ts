import { setMaxListeners } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../drill-error.ts'
import type { DrillPlan } from '../format/plan.ts'
import { LoadGenerator } from '../load/load-generator.ts'
import type { Sample } from '../load/sample.ts'
import { runCommand } from '../run-command.ts'
import { findAbort } from './abort.ts'
import { environmentOf } from './environment-of.ts'
import { followRunbook } from './follow-runbook.ts'
import { type Injected, inject, wait } from './inject.ts'
import { ProbeReader } from './probe-reader.ts'
import type { FollowedRunbook, Observation, TrialEvent } from './result.ts'
import type { RunContext } from './run-context.ts'
import { findUnsteady, verify } from './steady-state.ts'

const LOOK_MS = 250
const RECOVERY_WITHIN_MS = 60_000

/**
 * One trial: load, faults on time, undo, until steady state is back; then the lab's own check. Nothing is judged here.
 * Whatever happens (an abort condition, Ctrl-C, an error of ours), the faults are undone before it returns.
 */
export async function observe(context: RunContext, n: number): Promise<Observation> {
  const trial = new Trial(context, n)
  return trial.observe()
}

/** What is known of a trial while it goes on. */
class Trial {
  readonly #context: RunContext
  readonly #originMs = performance.now()
  readonly #folder: string
  readonly #samples: Sample[] = []
  readonly #events: TrialEvent[] = []
  readonly #probes: ProbeReader
  readonly #loads: readonly LoadGenerator[]
  readonly #abort = new AbortController()
  /** Ends the trial early, by an abort condition or by hand. */
  readonly #stop: AbortSignal
  #aborted: string | undefined
  #faultMs: number | undefined
  #mendedMs: number | undefined
  #left: readonly string[] = []
  #landings: Injected['landings'] = []
  #runbook: FollowedRunbook | undefined
  #steadyAfterMs: number | undefined
  #unsteady: readonly string[] = []

  constructor(context: RunContext, n: number) {
    this.#context = context
    this.#folder = join(context.runFolder, `trial-${n}`)
    mkdirSync(this.#folder, { recursive: true })
    this.#stop = AbortSignal.any([context.signal, this.#abort.signal])
    // Each fault listens while it waits for its time, and a drill may have many.
    setMaxListeners(0, this.#stop)
    this.#probes = new ProbeReader(context, { originMs: this.#originMs, acknowledgedFolder: this.#folder })
    this.#loads = this.#makeLoads()
  }

  async observe(): Promise<Observation> {
    const guard = setInterval(() => this.#abortIfDue(), LOOK_MS)
    for (const load of this.#loads) load.start()
    this.#probes.start()
    try {
      await this.#breakAndMend()
      await this.#comeBack()
    } finally {
      clearInterval(guard)
      await Promise.all([this.#probes.stop(), ...this.#loads.map((load) => load.stop())])
    }
    return this.#conclude()
  }

  #now = () => performance.now() - this.#originMs

  #note = (kind: TrialEvent['kind'], text: string) => {
    const event = { atMs: this.#now(), kind, text }
    this.#events.push(event)
    this.#context.observer.onEvent(event)
  }

  #makeLoads(): LoadGenerator[] {
    const { plan, observer } = this.#context
    const onSample = (sample: Sample) => {
      this.#samples.push(sample)
      observer.onSample(sample)
    }
    return Object.entries(plan.input.load ?? {}).map(([name, load]) => {
      const acknowledgedFile = load.acknowledges === undefined ? undefined : join(this.#folder, `${name}.jsonl`)
      return new LoadGenerator(load, { name, originMs: this.#originMs, acknowledgedFile, onSample })
    })
  }

  #abortIfDue(): void {
    const seen = { samples: this.#samples, looks: this.#probes.looks, nowMs: this.#now() }
    const reason = findAbort(this.#context.plan.input.abort ?? [], seen)
    if (reason === undefined || this.#abort.signal.aborted) return
    this.#aborted = reason
    this.#note('trouble', `aborted: ${reason}`)
    this.#abort.abort()
  }

  /** From the load alone to the end of the last undo. */
  async #breakAndMend(): Promise<void> {
    const { plan } = this.#context
    const options = {
      probes: this.#probes,
      signal: this.#stop,
      note: this.#note,
      onFault: () => {
        this.#faultMs ??= this.#now()
      },
      onMended: () => {
        this.#mendedMs = this.#now()
      },
    }
    await wait(plan.timing.beforeMs, this.#stop)
    await this.#probes.lookAtAll()
    const recovery = recover(this.#context, { ...options, now: this.#now, folder: this.#folder })
    const injected = await Promise.all(plan.steps.map((step) => inject(this.#context, step, options)))
    this.#landings = injected.flatMap(({ landings }) => landings)
    this.#left = injected.flatMap(({ left }) => left)
    this.#runbook = await recovery
  }

  /** Until steady state is back, and the load has gone on for as long as it should. */
  async #comeBack(): Promise<void> {
    this.#unsteady = this.#left
    if (this.#left.length > 0 || this.#stop.aborted) return
    const fromMs = this.#mendedMs ?? this.#now()
    const waiting = { probes: this.#probes, signal: this.#stop, fromMs, now: this.#now }
    const { afterMs, complaints } = await waitUntilSteady(this.#context, waiting)
    this.#steadyAfterMs = afterMs
    this.#unsteady = complaints
    await wait(this.#context.plan.timing.afterMs - (this.#now() - fromMs), this.#stop)
  }

  async #conclude(): Promise<Observation> {
    if (this.#context.signal.aborted) this.#aborted ??= 'it was stopped by hand'
    if (this.#aborted !== undefined) this.#unsteady = await findUnsteady(this.#context, this.#probes)
    await this.#probes.lookAtAll()
    const verified = await verify(this.#context)
    return {
      events: this.#events,
      samples: this.#samples.sort((a, b) => a.atMs - b.atMs),
      looks: this.#probes.looks,
      landings: this.#landings,
      acknowledged: this.#loads.reduce((sum, load) => sum + load.acknowledged, 0),
      faultMs: this.#faultMs,
      mendedMs: this.#mendedMs,
      endMs: this.#now(),
      aborted: this.#aborted,
      left: this.#left,
      steadyAfterMs: this.#steadyAfterMs,
      unsteady: this.#unsteady,
      verified,
      runbook: this.#runbook,
    }
  }
}

interface Recovering {
  readonly signal: AbortSignal
  readonly note: (kind: TrialEvent['kind'], text: string) => void
  readonly now: () => number
  readonly folder: string
}

/** What a person would do about it, in its time. */
async function recover(context: RunContext, recovering: Recovering): Promise<FollowedRunbook | undefined> {
  const { plan, observer } = context
  const { recovery } = plan.input
  const { signal, note, now } = recovering
  if (!recovery) return undefined
  await wait(recovery.at ?? 0, signal)
  if (signal.aborted) return undefined
  const words = recovery.command?.join(' ') ?? recovery.runbook ?? ''
  observer.onStep(`recovery: ${words}`)
  note('step', `recovery begins: ${words}`)
  try {
    if (!plan.runbook) {
      await runRecovery(plan, recovery, recovering)
      return undefined
    }
    const folder = join(recovering.folder, 'runbook')
    const followed = await followRunbook(plan.runbook, { folder, signal, withinMs: recovery.within, now, note })
    note(followed.result.ending === 'finished' ? 'step' : 'trouble', `the recovery is ${followed.result.ending}`)
    return followed
  } catch (error) {
    note('trouble', `the recovery failed: ${reasonOf(error)}`)
    return undefined
  }
}

type RecoveryInput = NonNullable<DrillPlan['input']['recovery']>

async function runRecovery(plan: DrillPlan, recovery: RecoveryInput, { folder, note }: Recovering): Promise<void> {
  const withinMs = recovery.within ?? RECOVERY_WITHIN_MS
  const options = { folder: plan.folder, environment: environmentOf(plan, folder), withinMs }
  const { status, isLate } = await runCommand(recovery.command ?? [], options)
  if (status === 0) note('step', 'recovery is done')
  else note('trouble', isLate ? 'the recovery took too long' : `the recovery ended with status ${status}`)
}

interface Waiting {
  readonly probes: ProbeReader
  readonly signal: AbortSignal
  readonly fromMs: number
  readonly now: () => number
}

async function waitUntilSteady(context: RunContext, { probes, signal, fromMs, now }: Waiting) {
  context.observer.onStep('waiting for steady state')
  for (;;) {
    const complaints = await findUnsteady(context, probes)
    if (complaints.length === 0) return { afterMs: now() - fromMs, complaints }
    if (signal.aborted || now() - fromMs > context.plan.timing.steadyWithinMs) return { afterMs: undefined, complaints }
    await wait(LOOK_MS, signal)
  }
}
