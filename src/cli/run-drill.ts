import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import {
  createLive,
  type DrillResult,
  keepReport,
  type Observer,
  recordOf,
  requireConfirmed,
  runDrill,
  summariseRun,
  writeDryRun,
  writeVerdict,
} from '../drill/index.ts'
import { appendRecord } from '../evidence/index.ts'
import { createPaint } from '../hub/index.ts'
import { bringUp, createProgress, type ProgressEvent } from '../lab/index.ts'
import type { RunOptions } from './drill.ts'
import { EXIT, UsageError } from './exit.ts'
import { type FoundDrill, findDrills, requireDrill } from './find-drills.ts'
import { interrupted, readPortBase } from './find-lab.ts'
import { type OpenDrill, openDrill } from './open-drill.ts'
import { isColour } from './options.ts'
import { repair } from './repair.ts'
import { SELF } from './self.ts'

/** `linchpin drill run`: from the file to the record. */
export async function runOneDrill(name: string | undefined, options: RunOptions): Promise<void> {
  const found = choose(name, options)
  const opened = openDrill(found.drill, options)
  if (options.dryRun) process.stdout.write(writeDryRun(opened.plan))
  else process.exitCode = exitCodeOf(await runOpened(opened, found, options))
}

/** Runs it, keeps its report and its record, and says what it found. */
export async function runOpened(
  opened: OpenDrill,
  found: FoundDrill,
  { format, confirm: confirmed }: { format: string; confirm?: string | undefined },
): Promise<DrillResult> {
  const { plan } = opened
  for (const lack of plan.lacks) say(`This machine lacks something, so the result will be unknown. ${lack}`)
  const signal = interrupted()
  await prepareLab(opened, { signal, onProgress: createProgress(process.stderr), confirmed })
  const live = createLive(process.stderr, plan)
  const running = runPrepared(opened, found, { observer: live, signal, confirmed })
  const { result, report, record } = await running.finally(live.end)
  if (format === 'json') process.stdout.write(`${JSON.stringify({ ...summariseRun(result), report, record })}\n`)
  else {
    process.stdout.write(writeVerdict(result, opened, createPaint(isColour())))
    process.stdout.write(`  report     ${showPath(report)}\n`)
    process.stdout.write(`  evidence   ${record === undefined ? 'none was written' : showPath(record)}\n`)
  }
  return result
}

interface Prepared {
  readonly observer: Observer
  readonly signal: AbortSignal
  /** The environment outside of the lab that may be broken. */
  readonly confirmed?: string | undefined
}

/** On a lab that is up: from the fault to the record. */
export async function runPrepared(
  opened: OpenDrill,
  found: FoundDrill,
  { observer, signal, confirmed }: Prepared,
): Promise<{ result: DrillResult; report: string; record: string | undefined }> {
  const { plan, model } = opened
  const result = await runDrill(plan, { self: SELF, observer, signal, model, confirmed })
  return { result, report: keepReport(result, plan), record: await keep(result, opened, found) }
}

function choose(name: string | undefined, { claim, vault, set }: RunOptions) {
  const changed = readSettings(set)
  if (name !== undefined) return requireDrill(name, vault, changed)
  if (claim === undefined)
    throw new UsageError('Name a drill, or a claim with --claim. linchpin drill list shows them.')
  const proving = findDrills(vault).find(({ drill }) => drill?.input.proves?.includes(claim))
  if (!proving) throw new UsageError(`No drill proves the claim "${claim}". Write one: docs/guide/drills.md.`)
  return requireDrill(proving.source.file, vault, changed)
}

/** Repairs what an earlier drill left, and starts the lab if it is down. */
export async function prepareLab(
  { plan }: OpenDrill,
  { signal, onProgress, confirmed }: Omit<Prepared, 'observer'> & { onProgress: (event: ProgressEvent) => void },
): Promise<void> {
  requireConfirmed(plan.lab, confirmed)
  await repair(plan.labFile)
  await bringUp(plan.labFile, {
    profile: plan.input.profile,
    portBase: readPortBase(),
    env: process.env,
    supervisor: [...SELF, 'lab', 'supervise'],
    onProgress,
    signal,
  })
}

/** Only a run that was tried is evidence. */
async function keep(
  result: DrillResult,
  { model, evidence }: OpenDrill,
  { source }: FoundDrill,
): Promise<string | undefined> {
  if (!model || evidence === undefined || result.trials.length === 0) return undefined
  const digest = createHash('sha256').update(source.text).digest('hex')
  const { file } = await appendRecord(evidence, recordOf(result, { model, digest }))
  return file
}

function showPath(path: string): string {
  const near = relative('.', path)
  return near.startsWith('..') ? path : near
}

export function exitCodeOf({ verdict, trials }: DrillResult): number {
  if (trials.some(({ left, aborted }) => left.length > 0 || aborted !== undefined)) return EXIT.failed
  return verdict === 'supported' ? EXIT.fine : EXIT.findings
}

function readSettings(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? []
      if (name === undefined || value === undefined)
        throw new UsageError(`"${word}" is not a parameter. Write it as --set name=value.`)
      return [name, value]
    }),
  )
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
