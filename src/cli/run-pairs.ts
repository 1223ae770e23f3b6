import {
  choosePairs,
  createLive,
  type DrillResult,
  type Harm,
  keepReport,
  type Pair,
  runDrill,
} from '../drill/index.ts'
import { createProgress } from '../lab/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { requireDrill } from './find-drills.ts'
import { interrupted } from './find-lab.ts'
import { openDrill } from './open-drill.ts'
import { prepareLab } from './run-drill.ts'
import { SELF } from './self.ts'

export interface PairOptions {
  readonly vault?: string
  readonly count: number
  readonly seed: number
  readonly dryRun?: boolean
  readonly format: string
}

/** The parameters by which a drill is told what to break. */
const PARAMETERS = ['first', 'first-fault', 'second', 'second-fault']

/** What came of one pair: by flow whether the prediction held; undefined: it could not be told. */
interface TriedPair {
  readonly first: Harm
  readonly second: Harm
  readonly flows: readonly { readonly text: string; readonly holds: boolean | undefined; readonly found: string }[]
  readonly because: string | undefined
}

/** `linchpin drill pairs`: breaks two things at once, again and again, and compares what happens with the model. */
export async function runPairs(name: string, options: PairOptions): Promise<void> {
  const pairs = findPairs(name, options)
  if (options.dryRun) {
    process.stdout.write(pairs.map((pair) => `${describe(pair)}: ${predictionsOf(pair)}\n`).join(''))
    return
  }
  const tried: TriedPair[] = []
  const signal = interrupted()
  for (const [index, pair] of pairs.entries()) {
    if (signal.aborted) break
    process.stderr.write(`\n${index + 1} of ${pairs.length}: ${describe(pair)}\n`)
    tried.push(await tryPair(name, { pair, signal, vault: options.vault }))
  }
  process.stdout.write(options.format === 'json' ? `${JSON.stringify({ pairs: tried })}\n` : writePairs(tried))
  if (tried.some(({ flows }) => flows.some(({ holds }) => holds !== true))) process.exitCode = EXIT.findings
}

function findPairs(name: string, { vault, count, seed }: PairOptions): Pair[] {
  const { drill } = requireDrill(name, vault, {})
  const missing = PARAMETERS.filter((parameter) => !(parameter in drill.parameters))
  if (missing.length > 0)
    throw new UsageError(`${drill.file} has no parameter ${missing.join(', ')}. Write them: docs/guide/drills.md.`)
  const { plan, model } = openDrill(drill, {})
  if (!model) throw new UsageError(`${drill.file} has no model to predict anything. Name it with the key system.`)
  const pairs = choosePairs(model, plan.lab, {
    parts: plan.input.limits.targets,
    names: plan.input.parts ?? {},
    flows: Object.values(plan.input.load ?? {}).flatMap(({ flow }) => flow ?? []),
    count,
    seed,
  })
  if (pairs.length === 0)
    throw new UsageError('No two things can be broken at once: lab and model run no part in the same number.')
  return pairs
}

async function tryPair(
  name: string,
  { pair, signal, vault }: { pair: Pair; signal: AbortSignal; vault: string | undefined },
): Promise<TriedPair> {
  const { first, second } = pair
  const found = requireDrill(name, vault, {
    first: first.target,
    'first-fault': first.fault,
    second: second.target,
    'second-fault': second.fault,
  })
  const opened = openDrill(found.drill, {})
  await prepareLab(opened, { signal, onProgress: createProgress(process.stderr) })
  const live = createLive(process.stderr, opened.plan)
  const { plan, model } = opened
  const result = await runDrill(plan, { self: SELF, observer: live, signal, model }).finally(live.end)
  keepReport(result, plan)
  return { first, second, ...outcomeOf(result) }
}

function outcomeOf({ trials, because }: DrillResult): Pick<TriedPair, 'flows' | 'because'> {
  const [trial] = trials
  const modelled = trial?.expectations.filter(({ flow }) => flow !== undefined) ?? []
  const missed = trial?.landings.some(({ isSeen }) => !isSeen) ?? true
  return {
    flows: modelled.map(({ text, holds, found }) => ({ text, holds: missed ? undefined : holds, found })),
    because: missed ? because : undefined,
  }
}

function describe({ first, second }: Pick<Pair, 'first' | 'second'>): string {
  return `${first.fault} ${first.target} + ${second.fault} ${second.target}`
}

function predictionsOf({ predicted }: Pair): string {
  const down = [...predicted].filter(([, what]) => what === 'down').map(([flow]) => flow)
  return down.length === 0 ? 'no flow down' : `${down.join(', ')} down`
}

/** A table for people, then the counts. */
function writePairs(tried: readonly TriedPair[]): string {
  const marks = { true: '✓', false: '✗', undefined: '?' }
  const lines = tried.flatMap((pair) => [
    `${describe(pair)}${pair.because === undefined ? '' : ` (${pair.because})`}`,
    ...pair.flows.map(({ holds, text, found }) => `  ${marks[String(holds) as keyof typeof marks]} ${text}: ${found}`),
  ])
  const all = tried.flatMap(({ flows }) => flows)
  const agreeing = all.filter(({ holds }) => holds === true).length
  const whole = tried.filter(({ flows }) => flows.length > 0 && flows.every(({ holds }) => holds === true)).length
  return `${lines.join('\n')}\n\n${whole} of ${tried.length} pairs and ${agreeing} of ${all.length} predictions agree with what users saw.\n`
}
