import { existsSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import {
  DrillError,
  exportExperiment,
  holdMemory,
  importExperiment,
  runWatchdog,
  throttle,
  undoLeftovers,
  writeDrillSchema,
} from '../drill/index.ts'
import { LabError } from '../lab/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { requireDrill } from './find-drills.ts'
import { findLab } from './find-lab.ts'
import { listDrills, runDue, showDue } from './list-drills.ts'
import { openDrill } from './open-drill.ts'
import { formatOption } from './options.ts'
import { runOneDrill } from './run-drill.ts'
import { type PairOptions, runPairs } from './run-pairs.ts'
import { SELF } from './self.ts'

export interface RunOptions {
  readonly vault?: string
  readonly claim?: string
  readonly trials?: number
  readonly profile?: string
  readonly set: string[]
  readonly dryRun?: boolean
  readonly confirm?: string
  readonly due?: boolean
  readonly budget?: string
  readonly format: string
}

/** `linchpin drill …`: break a lab on purpose, and write down what its users saw. */
export function addDrill(program: Command): void {
  const drill = program
    .command('drill')
    .description('break a lab on purpose, measure what its users see, and record it')
  addRun(drill)
  for (const [name, about, show] of [
    ['list', 'list drills: what each proves, and when it last did', listDrills],
    ['due', 'list drills by when their evidence ends, and what it is worth', showDue],
  ] as const)
    drill
      .command(name)
      .description(about)
      .argument('[vault]', 'a vault or a folder of drills; absent: those here, below or above')
      .addOption(formatOption())
      .action((vault: string | undefined, { format }: { format: string }) =>
        run(async () => show({ format, ...(vault !== undefined && { vault }) })),
      )
  addPairs(drill)
  addChaosToolkit(drill)
  addUndo(drill)
  drill
    .command('schema')
    .description('print the JSON Schema of drill files, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(writeDrillSchema(), undefined, 2)}\n`)
    })
  addHelpers(drill)
}

function addRun(drill: Command): void {
  const collect = (value: string, list: string[]) => [...list, value]
  drill
    .command('run')
    .description('run a drill: load, faults, undo, verdict, record')
    .argument('[drill]', 'its name or file')
    .option('--vault <path>', 'where drills are; absent: the drills folders here, below or above')
    .option('--claim <claim>', 'the drill that proves this claim')
    .option('--trials <n>', 'how often, instead of what the drill says', readTrials)
    .option('--profile <name>', 'of the lab, instead of the one that the drill names')
    .option('--set <name=value>', 'change a parameter of the drill', collect, [])
    .option('--due', 'every drill that is due, most valuable first')
    .option('--budget <duration>', 'with --due: those that fit into it, such as 30m')
    .option('--dry-run', 'only say exactly what would be done to what')
    .option('--confirm <environment>', 'break what others run there, such as staging; a lab needs no such word')
    .addOption(formatOption())
    .action((name: string | undefined, options: RunOptions) =>
      run(() => (options.due ? runDue(options) : runOneDrill(name, options))),
    )
}

function addPairs(drill: Command): void {
  drill
    .command('pairs')
    .description('break two things at once, pair after pair, and compare what users see with what the model predicts')
    .argument('<drill>', 'a drill with the parameters first, first-fault, second and second-fault')
    .option('--vault <path>', 'where drills are')
    .option('--count <n>', 'how many pairs, half of which take a flow down', readCount, 24)
    .option('--seed <n>', 'which pairs are drawn', readCount, 1)
    .option('--dry-run', 'only say which pairs, and what the model predicts')
    .addOption(formatOption())
    .action((name: string, options: PairOptions) => run(() => runPairs(name, options)))
}

function addUndo(drill: Command): void {
  drill
    .command('undo')
    .description('undo whatever drills left on a lab')
    .argument('[lab]', 'a lab.yaml or its folder; absent: the one here, above, or one folder below')
    .action((path: string | undefined) =>
      run(async () => {
        const { undone, left } = await undoLeftovers(findLab(path, 'may be gone'), SELF)
        for (const job of undone) process.stderr.write(`${job.target}: ${job.fault} is undone (drill ${job.drill})\n`)
        for (const { job, reason } of left)
          process.stderr.write(`${job.target}: ${job.fault} is still there: ${reason}\n`)
        if (undone.length + left.length === 0) process.stderr.write('nothing was left\n')
        if (left.length > 0) process.exitCode = EXIT.failed
      }),
    )
}

function addChaosToolkit(drill: Command): void {
  drill
    .command('import')
    .description('print a Chaos Toolkit experiment as a drill file to go on from')
    .argument('<experiment>', 'its JSON or YAML file')
    .action((file: string) => {
      if (!existsSync(file)) throw new UsageError(`${file} does not exist. Name an experiment.`)
      const { yaml, notes } = importExperiment({ file, text: readFileSync(file, 'utf8') })
      if (yaml === undefined) throw new UsageError(...notes)
      process.stdout.write(yaml)
      for (const note of notes) process.stderr.write(`${note}\n`)
    })
  drill
    .command('export')
    .description('print a drill as a Chaos Toolkit experiment')
    .argument('<drill>', 'its name or file')
    .option('--vault <path>', 'where drills are')
    .action((name: string, { vault }: { vault?: string }) =>
      run(async () => {
        const { experiment, notes } = exportExperiment(openDrill(requireDrill(name, vault, {}).drill, {}).plan)
        process.stdout.write(`${JSON.stringify(experiment, undefined, 2)}\n`)
        for (const note of notes) process.stderr.write(`${note}\n`)
      }),
    )
}

/** Processes of ours, not commands for people. */
function addHelpers(drill: Command): void {
  drill.command('watch <lab>', { hidden: true }).action(async (lab: string) => {
    await runWatchdog(findLab(lab, 'may be gone'), SELF)
    process.exit(EXIT.fine)
  })
  const helper = drill.command('helper', { hidden: true })
  helper
    .command('throttle <pid> <start> <share> <file>')
    .action((pid: string, start: string, share: string, file: string) => throttle(pid, start, share, file))
  helper
    .command('hold-memory <megabytes> <file>')
    .action((megabytes: string, file: string) => holdMemory(megabytes, file))
}

/** Turns what a drill or its lab cannot do into exit codes. */
async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DrillError || error instanceof LabError)) throw error
    if (error.code === 'wrong-use') throw new UsageError(...error.lines)
    process.stderr.write(`${error.lines.join('\n')}\n`)
    process.exitCode = EXIT.failed
  }
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new UsageError(`"${text}" is not a number from 1 to 999. Give one such as 24.`)
  return Number(text)
}

function readTrials(text: string): number {
  if (!/^[1-9]\d?$/.test(text))
    throw new UsageError(`--trials ${text} is not a number from 1 to 99. Give one such as 3.`)
  return Number(text)
}
