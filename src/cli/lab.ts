import type { Command } from 'commander'
import {
  breakPart,
  bringUp,
  createProgress,
  LabError,
  mendPart,
  readStatus,
  resetLab,
  runSupervisor,
  showLogs,
  takeDown,
  verifyLab,
  writeLabSchema,
  writeStatus,
} from '../lab/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { findLab, interrupted, readPortBase } from './find-lab.ts'
import { addLabConfig } from './lab-config.ts'
import { formatOption } from './options.ts'
import { repair } from './repair.ts'

const LAB_ARGUMENT = ['[lab]', 'a lab.yaml or its folder; absent: the one here, above, or one folder below'] as const
const LAB_OPTION = ['--lab <path>', LAB_ARGUMENT[1]] as const
const PROFILE_OPTION = ['--profile <name>', 'which parts; absent: those that run, or the first profile'] as const

/** `linchpin lab …`: a local copy of a platform, whose parts can be broken. */
export function addLab(program: Command): void {
  const lab = program.command('lab').description('run a local copy of a platform, break its parts and mend them')
  addUpAndDown(lab)
  addStatus(lab)
  addBreakAndMend(lab)
  addLabConfig(lab)
  lab
    .command('logs')
    .description('show what the parts wrote')
    .argument('[parts...]', 'parts or instances; none means all', [])
    .option(...LAB_OPTION)
    .option('--lines <n>', 'how many of the last lines of each', readCount, 20)
    .option('--follow', 'go on until Ctrl-C')
    .action((parts: string[], options: { lab?: string; lines: number; follow?: boolean }) =>
      run(async () => {
        const write = (name: string, line: string) => process.stdout.write(`${name} | ${line}\n`)
        const follow = options.follow ? interrupted() : undefined
        await showLogs(findLab(options.lab), { parts, linesMax: options.lines, write, follow })
      }),
    )
  lab
    .command('verify')
    .description("run the lab's own check that nothing was lost")
    .argument(...LAB_ARGUMENT)
    .option(...PROFILE_OPTION)
    .action((path: string | undefined, options: { profile?: string }) =>
      run(async () => {
        const isFine = await verifyLab(findLab(path), { ...options, env: process.env })
        if (!isFine) process.exitCode = EXIT.findings
      }),
    )
  lab
    .command('schema')
    .description('print the JSON Schema of lab.yaml, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(writeLabSchema(), undefined, 2)}\n`)
    })
  lab.command('supervise <folder>', { hidden: true }).action(async (folder: string) => {
    await runSupervisor(folder)
    process.exit(EXIT.fine)
  })
}

function addUpAndDown(lab: Command): void {
  lab
    .command('up')
    .description('start the parts in order, wait until they are ready, and leave them running')
    .argument(...LAB_ARGUMENT)
    .option(...PROFILE_OPTION)
    .option('--install', 'as root on Debian, first install the packages that are missing')
    .action((path: string | undefined, { install, ...options }: { profile?: string; install?: boolean }) =>
      run(async () => {
        const file = findLab(path)
        await repair(file)
        const { kept, started } = await bringUp(file, {
          ...options,
          ...(install && { onInstall: (step: string) => process.stderr.write(`${step}\n`) }),
          portBase: readPortBase(),
          env: process.env,
          supervisor: [process.execPath, process.argv[1] ?? '', 'lab', 'supervise'],
          onProgress: createProgress(process.stderr),
          signal: interrupted(),
        })
        const before = kept.length > 0 ? `; ${kept.length} ran already` : ''
        process.stderr.write(`up: ${started.length} started${before}. See linchpin lab status; end with lab down.\n`)
      }),
    )
  lab
    .command('down')
    .description('stop everything of the lab, whatever happened to it; data and logs stay')
    .argument(...LAB_ARGUMENT)
    .action((path: string | undefined) =>
      run(async () => {
        const { stopped } = await takeDown(findLab(path, 'may be gone'), { onProgress: createProgress(process.stderr) })
        process.stderr.write(stopped.length > 0 ? `down: ${stopped.length} stopped.\n` : 'down: nothing was running.\n')
      }),
    )
  lab
    .command('reset')
    .description('take the lab down and delete its data and logs')
    .argument(...LAB_ARGUMENT)
    .action((path: string | undefined) =>
      run(async () => {
        await resetLab(findLab(path), { env: process.env, onProgress: createProgress(process.stderr) })
        process.stderr.write('reset: its data and logs are deleted.\n')
      }),
    )
}

function addStatus(lab: Command): void {
  lab
    .command('status')
    .description('say what really runs, and how it does; exit code 1 unless every part is ready')
    .argument(...LAB_ARGUMENT)
    .option(...PROFILE_OPTION)
    .addOption(formatOption())
    .action((path: string | undefined, { profile, format }: { profile?: string; format: string }) =>
      run(async () => {
        const status = await readStatus(findLab(path), { profile })
        process.stdout.write(format === 'json' ? `${JSON.stringify(status)}\n` : writeStatus(status))
        if (!status.parts.every(({ state }) => state === 'ready' || state === 'done')) process.exitCode = EXIT.findings
      }),
    )
}

function addBreakAndMend(lab: Command): void {
  lab
    .command('break')
    .description('break a part, an instance such as stock.2, or a link such as "shop>stock"')
    .argument('<target>', 'what to break')
    .argument(
      '<fault>',
      'kill, freeze, deploy, or a fault of the part; of a link latency, blackhole, reset, refuse, loss, bandwidth',
    )
    .argument('[settings...]', 'such as delay=500ms', [])
    .option(...LAB_OPTION)
    .option('--confirm <environment>', 'break what others run there, such as staging; a lab needs no such word')
    .action((target: string, fault: string, settings: string[], options: { lab?: string; confirm?: string }) =>
      run(async () => {
        const wanted = { target, fault, settings: readSettings(settings), outside: options.confirm }
        const applied = await breakPart(findLab(options.lab), wanted)
        for (const one of applied)
          process.stderr.write(`${one.target}: ${one.fault}. Mend it: linchpin lab mend ${one.target}\n`)
      }),
    )
  lab
    .command('mend')
    .description('mend what is broken')
    .argument('[target]', 'a part, an instance or a link; absent: everything')
    .argument('[fault]', 'one fault of it; absent: all')
    .option(...LAB_OPTION)
    .action((target: string | undefined, fault: string | undefined, options: { lab?: string }) =>
      run(async () => {
        const { mended, left } = await mendPart(findLab(options.lab), {
          ...(target !== undefined && { target }),
          ...(fault !== undefined && { fault }),
        })
        for (const one of mended) process.stderr.write(`${one.target}: ${one.fault} is mended\n`)
        for (const one of left) process.stderr.write(`${one.fault.target}: ${one.fault.fault} stays: ${one.reason}\n`)
        if (mended.length + left.length === 0) process.stderr.write('nothing was broken\n')
        if (left.length > 0) process.exitCode = EXIT.failed
      }),
    )
}

/** Turns what a lab cannot do into exit codes. */
async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    if (error.code === 'wrong-use') throw new UsageError(...error.lines)
    process.stderr.write(`${error.lines.join('\n')}\n`)
    process.exitCode = EXIT.failed
  }
}

function readSettings(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? []
      if (name === undefined || value === undefined)
        throw new UsageError(`"${word}" is not a setting. Write it as name=value.`)
      return [name, value]
    }),
  )
}

function readCount(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--lines ${text} is not a number. Give one such as 50.`)
  return Number(text)
}
