import type { Command } from 'commander'
import { DrillError, holdMemory, runWatchdog, throttle, undoLeftovers, writeDrillSchema } from '../drill/index.ts'
import { LabError } from '../lab/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { findLab } from './find-lab.ts'
import { runOneDrill } from './run-drill.ts'
import { SELF } from './self.ts'

export interface RunOptions {
  readonly vault?: string
  readonly claim?: string
  readonly trials?: number
  readonly set: string[]
  readonly dryRun?: boolean
  readonly format: string
}

/** `linchpin drill …`: break a lab on purpose, and write down what its users saw. */
export function addDrill(program: Command): void {
  const drill = program.command('drill').description('break a lab on purpose, measure what its users see, and record it')
  const collect = (value: string, list: string[]) => [...list, value]
  drill
    .command('run')
    .description('run a drill: load, faults, undo, verdict, record')
    .argument('[drill]', 'its name or file')
    .option('--vault <path>', 'where drills are; absent: the drills folders here, below or above')
    .option('--claim <claim>', 'the drill that proves this claim')
    .option('--trials <n>', 'how often, instead of what the drill says', readTrials)
    .option('--set <name=value>', 'change a parameter of the drill', collect, [])
    .option('--dry-run', 'only say exactly what would be done to what')
    .option('--format <format>', 'text or json', 'text')
    .action((name: string | undefined, options: RunOptions) => run(() => runOneDrill(name, options)))
  drill
    .command('undo')
    .description('undo whatever drills left on a lab')
    .argument('[lab]', 'a lab.yaml or its folder; absent: the one here, above, or one folder below')
    .action((path: string | undefined) =>
      run(async () => {
        const { undone, left } = await undoLeftovers(findLab(path, 'may be gone'), SELF)
        for (const job of undone) process.stderr.write(`${job.target}: ${job.fault} is undone (drill ${job.drill})\n`)
        for (const { job, reason } of left) process.stderr.write(`${job.target}: ${job.fault} is still there: ${reason}\n`)
        if (undone.length + left.length === 0) process.stderr.write('nothing was left\n')
        if (left.length > 0) process.exitCode = EXIT.failed
      }),
    )
  drill
    .command('schema')
    .description('print the JSON Schema of drill files, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(writeDrillSchema(), undefined, 2)}\n`)
    })
  addHelpers(drill)
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
  helper.command('hold-memory <megabytes> <file>').action((megabytes: string, file: string) => holdMemory(megabytes, file))
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

function readTrials(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new UsageError(`--trials ${text} is not a number from 1 to 99. Give one such as 3.`)
  return Number(text)
}
