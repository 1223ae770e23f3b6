import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { createPaint } from '../hub/index.ts'
import {
  createNarrator,
  createRunner,
  createTerminalOperator,
  createUnattended,
  type Entry,
  type Operator,
  openJournal,
  type Runbook,
  type RunResult,
  runRunbook,
  systemClock,
  writePlan,
  writePostMortem,
  writeSummary,
  writeTranscript,
  writeTranscriptJson,
} from '../runbook/index.ts'
import { type SourceText, suggestion } from '../source/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { interrupted } from './find-lab.ts'
import { requirePage, vaultOf } from './find-runbooks.ts'
import { isColour } from './options.ts'

export interface RunPageOptions {
  readonly vault?: string
  readonly on: string
  readonly auto?: boolean
  readonly approve: string[]
  readonly var: string[]
  readonly resume?: string | true
  readonly dryRun?: boolean
  readonly keep?: string
  readonly postMortem?: string | true
  readonly format: string
}

/** `linchpin runbook run`: from the page to the transcript. */
export async function runPage(name: string, options: RunPageOptions): Promise<void> {
  const { source, runbook } = requirePage(name, options.vault)
  if (options.dryRun) {
    process.stdout.write(writePlan(runbook, options.on))
    return
  }
  const given = readAnswers(runbook, options.var)
  const places = placesOf(runbook, options)
  const run = chooseRun(runbook, places.journals, options)
  const { operator, close } = openOperator(runbook, options)
  try {
    const isUnattended = options.auto === true
    const signal = interrupted()
    const result = await carryOut(
      { source, runbook },
      { on: options.on, places, run, operator, isUnattended, signal, given },
    )
    tellResult(result, { options, kept: keep(result, places.transcripts, options) })
  } finally {
    close()
  }
}

export interface CarryOutOptions {
  readonly on: string
  readonly places: Places
  readonly run: string
  readonly operator: Operator
  readonly isUnattended: boolean
  readonly signal: AbortSignal
  readonly given: Readonly<Record<string, string>>
}

/** Runs a page over its journal, which outlives this process. */
export async function carryOut(
  { source, runbook }: { readonly source: SourceText; readonly runbook: Runbook },
  { on, places, ...options }: CarryOutOptions,
): Promise<RunResult> {
  const journal = openJournal(join(places.journals, options.run, 'journal.jsonl'))
  try {
    return await runRunbook(runbook, {
      ...options,
      environment: on,
      journal,
      digest: createHash('sha256').update(source.text).digest('hex'),
      runner: createRunner(),
      clock: systemClock,
      env: process.env,
      folder: resolve(dirname(runbook.file), runbook.folder),
    })
  } finally {
    journal.close()
  }
}

export interface Places {
  readonly journals: string
  readonly transcripts: string
}

/** Journals are ours to clean up, transcripts are kept beside the evidence. */
export function placesOf({ file }: Runbook, { keep }: { readonly keep?: string }): Places {
  const vault = vaultOf(file)
  return {
    journals: keep ?? join(vault, '.linchpin', 'runbooks'),
    transcripts: keep ?? join(vault, 'evidence', 'transcripts'),
  }
}

function chooseRun(runbook: Runbook, journals: string, { resume }: RunPageOptions): string {
  const { name } = runbook
  if (resume === undefined) return nameRun(runbook)
  const open = listOpenRuns(name, journals).map(({ run }) => run)
  const run = resume === true ? open.at(-1) : open.find((one) => one === resume)
  if (run === undefined)
    throw new UsageError(
      open.length === 0
        ? `No run of ${name} can be resumed. Start one without --resume.`
        : `There is no run "${String(resume)}" to resume. There are ${open.join(', ')}.`,
    )
  return run
}

export function nameRun({ name }: Runbook): string {
  const moment = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${moment}-${name}-${randomBytes(3).toString('hex')}`
}

export interface OpenRun {
  readonly run: string
  readonly start: Entry & { kind: 'start' }
  /** How many steps have ended. */
  readonly steps: number
}

/** Runs of a page that were stopped or crashed, oldest first; one whose journal does not begin is none. */
export function listOpenRuns(name: string, journals: string): OpenRun[] {
  if (!existsSync(journals)) return []
  const runs = readdirSync(journals).filter((run) => run.includes(`-${name}-`))
  return runs.sort().flatMap((run) => {
    const entries = readEntries(join(journals, run, 'journal.jsonl'))
    const [start] = entries
    if (start?.kind !== 'start' || start.page !== name || entries.at(-1)?.kind === 'finish') return []
    const ended = entries.flatMap((entry) => (entry.kind === 'end' && entry.role === 'step' ? entry.id : []))
    return [{ run, start, steps: new Set(ended).size }]
  })
}

/** Lines that are no entry, such as one that a crash cut short, are passed over: resuming looks at them closely. */
function readEntries(file: string): Entry[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Entry]
      } catch {
        return []
      }
    })
}

function readAnswers({ prompts, file }: Runbook, words: readonly string[]): Record<string, string> {
  const known = prompts.map(({ name }) => name)
  return Object.fromEntries(
    words.map((word) => {
      const [, name = '', value] = /^([^=]+)=(.*)$/s.exec(word) ?? []
      if (value === undefined) throw new UsageError(`"${word}" is no answer. Write it as --var name=value.`)
      if (!known.includes(name))
        throw new UsageError(
          `${file} asks for no "${name}".${suggestion(name, known)} Declare it under prompts, or leave it out.`,
        )
      return [name, value]
    }),
  )
}

function openOperator(runbook: Runbook, { auto, approve, format }: RunPageOptions) {
  const output = format === 'json' ? process.stderr : process.stdout
  const paint = createPaint(output.isTTY === true && isColour())
  if (auto) {
    const tell = createNarrator((text) => output.write(text), paint)
    return { operator: createUnattended({ runbook, approved: approve, tell }), close: () => undefined }
  }
  if (approve.length > 0) throw new UsageError('--approve is for runs with --auto: here you are asked. Leave it out.')
  const operator = createTerminalOperator({ input: process.stdin, output, paint })
  return { operator, close: operator.close }
}

interface Kept {
  readonly transcript: string
  readonly postMortem: string | undefined
}

export function keep(result: RunResult, folder: string, { postMortem }: { readonly postMortem?: string | true }): Kept {
  mkdirSync(folder, { recursive: true })
  const transcript = join(folder, `${result.run}.md`)
  writeFileSync(transcript, writeTranscript(result))
  writeFileSync(join(folder, `${result.run}.json`), writeTranscriptJson(result))
  if (postMortem === undefined) return { transcript, postMortem: undefined }
  const file = postMortem === true ? join(folder, `${result.run}-post-mortem.md`) : postMortem
  writeFileSync(file, writePostMortem(result))
  return { transcript, postMortem: file }
}

function tellResult(result: RunResult, { options, kept }: { options: RunPageOptions; kept: Kept }): void {
  if (options.format === 'json') {
    const { entries: _, ...short } = result
    process.stdout.write(`${JSON.stringify({ ...short, ...kept })}\n`)
  } else {
    process.stdout.write(writeSummary(result, createPaint(isColour())))
    process.stdout.write(`  transcript: ${showPath(kept.transcript)}\n`)
    if (kept.postMortem !== undefined) process.stdout.write(`  post-mortem: ${showPath(kept.postMortem)}\n`)
  }
  process.exitCode = exitCodeOf(result)
}

/** Fine: finished, and in time where there is a target. */
function exitCodeOf({ ending, isInTime, targetMs }: RunResult): number {
  if (ending !== 'finished') return EXIT.failed
  return targetMs === undefined || isInTime ? EXIT.fine : EXIT.findings
}

function showPath(path: string): string {
  const near = relative('.', path)
  return near.startsWith('..') ? path : near
}
