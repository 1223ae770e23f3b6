import { type Action, type Branch, type Item, listSteps, type Runbook, type Step } from '../format/runbook.ts'
import { RunbookError } from '../runbook-error.ts'
import type { EndEntry } from './journal.ts'
import { StopError } from './operator.ts'
import { end, isHarmless, perform, StoppedError } from './perform.ts'
import { finishOf, progressOf, startOf, variablesOf, verificationOf } from './progress.ts'
import { type RunResult, resultOf } from './result.ts'
import { AbortError, type RunContext, type RunRunbookOptions } from './run-context.ts'

/**
 * Goes through a runbook, or on with one:
 * 1. The start is on disk before anything is done; a resumed run must be of the same page and environment.
 * 2. Steps are done in their order. A step that ended is never done again, whatever happened in between.
 * 3. A step that was in the middle when the run ended is looked at by its verification; else the operator is asked.
 * 4. Of sections side by side, the first whose condition holds is gone through; that choice is written down.
 * 5. What fails is the operator's to decide; unattended, it aborts the run.
 * 6. An aborted run is undone, last step first, where the page says how.
 * Stopped (Ctrl-C, or by the operator), it can be resumed.
 */
export async function runRunbook(runbook: Runbook, options: RunRunbookOptions): Promise<RunResult> {
  const context = open(runbook, options)
  const { journal, clock } = context
  const finish = (ending: 'finished' | 'aborted', because: string) =>
    journal.append({ kind: 'finish', at: clock.now(), ending, because })
  try {
    await goThrough(context, runbook.items)
    finish('finished', 'every step has ended')
  } catch (error) {
    if (error instanceof StopError || error instanceof StoppedError) return resultOf(runbook, journal, clock.now())
    if (!(error instanceof AbortError)) throw error
    context.operator.tell({ kind: 'note', text: `aborted: ${error.message}` })
    await undoAll(context)
    finish('aborted', error.message)
  }
  return resultOf(runbook, journal, clock.now())
}

function open(runbook: Runbook, options: RunRunbookOptions): RunContext {
  const { journal, clock, run, digest, environment, isUnattended, env, given } = options
  const start = startOf(journal)
  if (!start) {
    const page = runbook.name
    journal.append({ kind: 'start', at: clock.now(), run, page, digest, environment, isUnattended })
  } else {
    refuseOther(start, options)
    if (finishOf(journal)) throw new RunbookError('wrong-use', 'This run has ended. Start a new one.')
    journal.append({ kind: 'resume', at: clock.now() })
  }
  const secrets = new Map(runbook.secrets.flatMap((name) => (env[name] ? [[name, env[name]] as const] : [])))
  const context: RunContext = { ...options, runbook, variables: variablesOf(journal), secrets }
  for (const [name, value] of Object.entries(given)) give(context, name, value)
  return context
}

function give({ runbook, variables, secrets, journal, clock }: RunContext, name: string, value: string): void {
  variables.set(name, value)
  const isSecret = runbook.prompts.some((prompt) => prompt.name === name && prompt.isSecret)
  if (isSecret) secrets.set(name, value)
  else journal.append({ kind: 'answer', at: clock.now(), name, value })
}

function refuseOther(start: { digest: string; environment: string }, { digest, environment }: RunRunbookOptions): void {
  if (start.digest !== digest)
    throw new RunbookError(
      'wrong-use',
      'The page was changed since this run began. Undo the change, or start a new run.',
    )
  if (start.environment !== environment)
    throw new RunbookError(
      'wrong-use',
      `This run began on ${start.environment}. Resume it with --on ${start.environment}.`,
    )
}

async function goThrough(context: RunContext, items: readonly Item[]): Promise<void> {
  for (const item of items) {
    if (context.signal.aborted) throw new StoppedError()
    if (item.kind === 'step') await doStep(context, item.step)
    else await choose(context, item.branches)
  }
}

async function choose(context: RunContext, branches: readonly Branch[]): Promise<void> {
  const { journal, clock, operator } = context
  const said = (branch: Branch) =>
    journal.entries.findLast((entry) => entry.kind === 'branch' && entry.id === branch.condition.id)
  for (const branch of branches) {
    const { heading, condition } = branch
    const before = said(branch)
    const taken =
      before?.kind === 'branch' ? before.taken : (await holds(context, condition)) && (await operator.take(heading))
    if (!before) {
      journal.append({ kind: 'branch', at: clock.now(), id: condition.id, heading, taken })
      operator.tell({ kind: 'branch', heading, taken })
    }
    if (taken) return goThrough(context, branch.items)
  }
}

/** A condition only looks, so it is looked at again after a crash. */
async function holds(context: RunContext, condition: Action): Promise<boolean> {
  const progress = progressOf(context.journal, condition.id, 'branch')
  if (progress.kind === 'ended') return progress.end.state === 'ok'
  if (!condition.blocks.some(({ isOtherwise }) => isOtherwise))
    return (await perform(context, condition)).state === 'ok'
  return end(context, condition, { state: 'ok', because: 'none of the others holds' }).state === 'ok'
}

async function doStep(context: RunContext, step: Step): Promise<void> {
  const done = await settle(context, step, step, await firstTry(context, step))
  if (done.state !== 'ok' || !step.verify) return
  const seen = verificationOf(context.journal, step.id) ?? (await perform(context, step.verify))
  await settle(context, step, step.verify, seen)
}

/** What is known of the step already, or what doing it gives. */
async function firstTry(context: RunContext, step: Step): Promise<EndEntry> {
  const progress = progressOf(context.journal, step.id, 'step')
  if (progress.kind === 'ended') return progress.end
  if (progress.kind === 'not begun' || isHarmless(step, context.environment)) return perform(context, step)
  if (step.verify && (await isVerified(context, step.id, step.verify)))
    return end(context, step, { state: 'ok', because: 'its verification holds: it was done before the run stopped' })
  switch (await context.operator.interrupted(step)) {
    case 'again':
      return perform(context, step)
    case 'done':
      return end(context, step, { state: 'ok', because: 'the operator says that it was done before the run stopped' })
    default:
      throw new AbortError(`nobody knows whether ${step.id} was done before the run stopped`)
  }
}

async function isVerified(context: RunContext, id: string, verify: Action): Promise<boolean> {
  const seen = verificationOf(context.journal, id) ?? (await perform(context, verify))
  return seen.state === 'ok'
}

/** Until an action did not fail, the operator decides. */
async function settle(context: RunContext, step: Step, action: Action, first: EndEntry): Promise<EndEntry> {
  let last = first
  while (last.state === 'failed') {
    const decision = await context.operator.afterFailure(step, last.because)
    if (decision === 'abort')
      throw new AbortError(`${action.role === 'step' ? '' : `${action.role} `}${step.id}: ${last.because}`)
    last =
      decision === 'skip'
        ? end(context, action, { state: 'skipped', because: last.because })
        : await perform(context, action)
  }
  return last
}

/** Every step that was begun and says how to undo it, last one first. What cannot be undone is told, and goes on. */
async function undoAll(context: RunContext): Promise<void> {
  const { journal, runbook, operator } = context
  const begun = journal.entries.flatMap((entry) => (entry.kind === 'begin' && entry.role === 'step' ? entry.id : []))
  const steps = listSteps(runbook.items)
  for (const id of [...new Set(begun)].reverse()) {
    const undo = steps.find((step) => step.id === id)?.undo
    const progress = progressOf(journal, id, 'undo')
    if (!undo || (progress.kind === 'ended' && progress.end.state === 'ok')) continue
    const because = await undoOne(context, undo)
    if (because !== undefined) operator.tell({ kind: 'note', text: `${id} is not undone: ${because}` })
  }
}

/** Why it is not undone; undefined when it is. */
async function undoOne(context: RunContext, undo: Action): Promise<string | undefined> {
  try {
    const { state, because } = await perform(context, undo)
    return state === 'ok' ? undefined : because
  } catch (error) {
    if (error instanceof AbortError || error instanceof StopError) return error.message
    throw error
  }
}
