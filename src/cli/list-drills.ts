import { dirname } from 'node:path'
import { DrillError, type WrittenDrill } from '../drill/index.ts'
import type { DueDrill, Judgements } from '../evidence/index.ts'
import { LabError } from '../lab/index.ts'
import { formatDuration, formatProblem, parseDuration } from '../source/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { type FoundDrill, findDrills } from './find-drills.ts'
import { interrupted } from './find-lab.ts'
import { openDrill, systemOf } from './open-drill.ts'
import { readProof } from './read-proof.ts'
import { readSystem } from './read-system.ts'
import { exitCodeOf, runOpened } from './run-drill.ts'

interface ListOptions {
  readonly vault?: string
  readonly format: string
}

/** `linchpin drill list`: what each drill proves, and when it last did. */
export function listDrills({ vault, format }: ListOptions): void {
  const found = findDrills(vault)
  const rows = found.map((one) => describeFound(one))
  if (format === 'json') process.stdout.write(`${JSON.stringify(rows)}\n`)
  else if (rows.length === 0) process.stdout.write('There are no drills here. Write one: docs/guide/drills.md.\n')
  else process.stdout.write(rows.map(writeRow).join('\n'))
  if (found.some(({ drill }) => !drill)) process.exitCode = EXIT.wrongUse
}

function describeFound({ source, drill, problems }: FoundDrill) {
  const file = source.file
  if (!drill) return { drill: file, file, title: '', claims: [], problems: problems.map(formatProblem) }
  const judgements = judgementsOf(drill.file, systemOf(drill))
  const claims = (drill.input.proves ?? []).map((claim) => {
    const {
      verdict = 'unknown',
      at,
      environment,
      reason = 'the model does not make this claim',
    } = judgements?.get(claim) ?? {}
    return { claim, verdict, at, environment, reason }
  })
  return { drill: drill.input.drill, file, title: drill.input.title ?? '', claims, problems: [] }
}

const proofs = new Map<string, Judgements>()

/** Every drill of a vault asks for the same. */
function judgementsOf(file: string, system: string | undefined): Judgements | undefined {
  if (system === undefined) return undefined
  const known = proofs.get(dirname(file))
  if (known) return known
  const { judgements } = readProof(readSystem([system]).model, [system], new Date())
  proofs.set(dirname(file), judgements)
  return judgements
}

function writeRow({ drill, title, claims, problems }: ReturnType<typeof describeFound>): string {
  const lines = claims.map(({ claim, verdict, at, environment, reason }) => {
    const when = at === undefined ? reason : `${at.slice(0, 16).replace('T', ' ')} in ${environment}`
    return `    ${verdict.padEnd(9)}  ${claim}  (${when})`
  })
  const none = claims.length + problems.length === 0 ? ['    proves no claim'] : []
  return `${[`${drill}  ${title}`.trimEnd(), ...lines, ...none, ...problems.map((text) => `    ${text}`)].join('\n')}\n`
}

interface Due {
  readonly due: DueDrill
  readonly found: FoundDrill
}

/** `linchpin drill due`: which drill to run next for the largest gain, and by when. */
export function showDue({ vault, format }: ListOptions): void {
  const all = findDue(vault)
  if (format === 'json') process.stdout.write(`${JSON.stringify(all.map(({ due }) => due))}\n`)
  else if (all.length === 0) process.stdout.write('Nothing is due: there is no drill that proves a claim.\n')
  else process.stdout.write(all.map(({ due }) => writeDue(due)).join(''))
}

function writeDue({ drill, claims, dueAt, minutesAtStake, takesMs, isTimeAssumed }: DueDrill): string {
  const when = Date.parse(dueAt) <= Date.now() ? 'now' : `by ${dueAt.slice(0, 10)}`
  const stake = minutesAtStake > 0 ? `, ${Math.round(minutesAtStake)} minutes down a year at stake` : ''
  const took = `${isTimeAssumed ? 'assumed ' : ''}${formatDuration(Math.ceil(takesMs / 1_000) * 1_000)}`
  const names = claims.map(({ claim, verdict, reason }) => `    ${verdict.padEnd(9)}  ${claim}  (${reason})\n`)
  return `${drill}  due ${when}, takes ${took}${stake}\n${names.join('')}`
}

/** Most valuable first, over every vault that was found. */
function findDue(vault: string | undefined): Due[] {
  const found = findDrills(vault).filter(({ drill }) => drill !== undefined)
  const systems = new Set(found.flatMap(({ drill }) => (drill && systemOf(drill)) ?? []))
  return [...systems].flatMap((system) => {
    const { due } = readProof(readSystem([system]).model, [system], new Date())
    return due.flatMap((one) => {
      const own = found.find(({ drill }) => drill?.input.drill === one.drill && systemOf(drill) === system)
      return own ? [{ due: one, found: own }] : []
    })
  })
}

/** `linchpin drill run --due`: those that are due, most valuable first, as long as they fit into the budget. */
export async function runDue({ vault, format, budget }: ListOptions & { budget?: string }): Promise<void> {
  const budgetMs = budget === undefined ? Number.POSITIVE_INFINITY : parseDuration(budget)
  if (budgetMs === undefined)
    throw new UsageError(`--budget ${budget} is not a duration. Write it with its unit, such as 30m.`)
  const startedAt = performance.now()
  let worst: number = EXIT.fine
  const signal = interrupted()
  for (const { due, found } of findDue(vault)) {
    if (signal.aborted) break
    if (Date.parse(due.dueAt) > Date.now() || !found.drill) continue
    if (performance.now() - startedAt + due.takesMs > budgetMs) {
      process.stderr.write(`${due.drill} does not fit into what is left of the budget.\n`)
      continue
    }
    worst = Math.max(worst, await runOne(found.drill, found, format))
  }
  process.exitCode = worst
}

/** One that cannot run, such as one for another profile than the lab's, is told of and is no reason to leave out the rest. */
async function runOne(drill: WrittenDrill, found: FoundDrill, format: string): Promise<number> {
  try {
    return exitCodeOf(await runOpened(openDrill(drill, {}), found, { format }))
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof DrillError || error instanceof LabError)) throw error
    process.stderr.write(`${error.lines.map((line) => `${drill.input.drill}: ${line}`).join('\n')}\n`)
    return EXIT.failed
  }
}
