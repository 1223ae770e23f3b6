import { spawn } from 'node:child_process'
import { findCommand, inheritedEnvironment } from '../lab/index.ts'

const OUTPUT_MAX = 1024 * 1024

export interface CommandOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly withinMs: number
  readonly signal?: AbortSignal
}

export interface CommandResult {
  /** Undefined when a signal ended it. */
  readonly status: number | undefined
  /** What it wrote to its standard output. */
  readonly output: string
  readonly errors: string
  readonly isLate: boolean
}

/** Runs a command of a drill to its end, at most so long. Throws when it cannot be started. */
export function runCommand(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [name = '', ...args] = command
  const program = findCommand(name, options.folder)
  if (program === undefined) return Promise.reject(new Error(`the command "${name}" is not there`))
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.folder,
      env: { ...inheritedEnvironment(), ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.withinMs,
      killSignal: 'SIGKILL',
      ...(options.signal && { signal: options.signal }),
    })
    const output = { stdout: '', stderr: '' }
    for (const key of ['stdout', 'stderr'] as const)
      child[key].on('data', (data: Buffer) => {
        if (output[key].length < OUTPUT_MAX) output[key] += data.toString('utf8')
      })
    child.once('error', reject)
    child.once('close', (status) =>
      resolve({
        status: status ?? undefined,
        output: output.stdout,
        errors: output.stderr,
        isLate: status === null && child.killed,
      }),
    )
  })
}
