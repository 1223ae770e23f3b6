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
  const originMs = performance.now()
  const now = () => performance.now() - originMs
  const { plan, observer, signal } = context
  const acknowledgedFolder = join(context.runFolder, `trial-${n}`)
  mkdirSync(acknowledgedFolder, { recursive: true })
  const samples: Sample[] = []
  const events: TrialEvent[] = []
  const note = (kind: TrialEvent['kind'], text: string) => {
    const event = { atMs: now(), kind, text }
    events.push(event)
    observer.onEvent(event)
  }
  const probes = new ProbeReader(context, { originMs, acknowledgedFolder })
  const loads = Object.entries(plan.input.load ?? {}).map(([name, load]) => {
    const acknowledgedFile = load.acknowledges === undefined ? undefined : join(acknowledgedFolder, `${name}.jsonl`)
    const onSample = (sample: Sample) => {
      samples.push(sample)
      observer.onSample(sample)
    }
    return new LoadGenerator(load, { name, originMs, acknowledgedFile, onSample })
  })
  const abort = new AbortController()
  const stop = AbortSignal.any([signal, abort.signal])
  let aborted: string | undefined
  let faultMs: number | undefined
  let mendedMs: number | undefined
  let left: string[] = []
  let landings: Injected['landings'] = []
  let runbook: FollowedRunbook | undefined
  let steadyAfterMs: number | undefined
  let unsteady: string[] = []
  const guard = setInterval(() => {
    const reason = findAbort(plan.input.abort ?? [], { samples, looks: probes.looks, nowMs: now() })
    if (reason === undefined || abort.signal.aborted) return
    aborted = reason
    note('trouble', `aborted: ${reason}`)
    abort.abort()
  }, LOOK_MS)
  for (const load of loads) load.start()
  probes.start()
  try {
    await wait(plan.timing.beforeMs, stop)
    await Promise.all(Object.keys(plan.input.probes ?? {}).map((name) => probes.look(name)))
    const recovery = recover(context, { signal: stop, note, now, folder: acknowledgedFolder })
    const injected = await Promise.all(
      plan.steps.map((step) =>
        inject(context, step, {
          probes,
          signal: stop,
          note,
          onFault: () => {
            faultMs ??= now()
          },
          onMended: () => {
            mendedMs = now()
          },
        }),
      ),
    )
    landings = injected.flatMap((one) => one.landings)
    left = injected.flatMap((one) => one.left)
    runbook = await recovery
    if (left.length > 0) unsteady = left
    else if (!stop.aborted) {
      const steady = await waitUntilSteady(context, { probes, signal: stop, fromMs: mendedMs ?? now(), now })
      steadyAfterMs = steady.afterMs
      unsteady = steady.complaints
      await wait(plan.timing.afterMs - (now() - (mendedMs ?? now())), stop)
    }
  } finally {
    clearInterval(guard)
    await Promise.all([probes.stop(), ...loads.map((load) => load.stop())])
  }
  if (signal.aborted) aborted ??= 'it was stopped by hand'
  if (aborted !== undefined) unsteady = await findUnsteady(context, probes)
  await probes.lookAtAll()
  const verified = await verify(context)
  samples.sort((a, b) => a.atMs - b.atMs)
  const acknowledged = loads.reduce((sum, load) => sum + load.acknowledged, 0)
  const measured = { events, samples, looks: probes.looks, landings, acknowledged, faultMs, mendedMs, endMs: now() }
  return { ...measured, aborted, left, steadyAfterMs, unsteady, verified, runbook }
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
