import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Outcome } from '../run/runner.ts'

/** Of each stream, so much is read; the rest is let go by. */
const READ_MAX = 1024 * 1024
/** After SIGTERM, and for what a command left behind with our pipes in its hands. */
const GRACE_MS = 1_000

export interface ProcessOptions {
  readonly environment: Readonly<Record<string, string>>
  readonly folder: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Runs a command in a process group of its own, with PATH and what it is given and nothing else. At its end, too late,
 * or stopped, the whole group is ended: nothing that it started in that group outlives it.
 */
export function runProcess(words: readonly string[], options: ProcessOptions): Promise<Outcome> {
  const [name = '', ...args] = words
  const { environment, folder, timeoutMs, signal } = options
  if (signal.aborted) return Promise.resolve(failed('it was stopped'))
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', ...environment }
    let child: ChildProcess
    try {
      child = spawn(name, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    } catch (error) {
      resolve(failed(explain(error, name, folder)))
      return
    }
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    let why: string | undefined
    const stop = (reason: string) => {
      why ??= reason
      endGroup(child)
    }
    const timer = setTimeout(() => stop(`it took longer than ${timeoutMs / 1_000} s and was ended`), timeoutMs)
    const onAbort = () => stop('it was stopped')
    signal.addEventListener('abort', onAbort, { once: true })
    const settle = (outcome: Outcome) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      resolve(outcome)
    }
    child.once('error', (error) => settle(failed(explain(error, name, folder))))
    child.once('exit', () => endGroup(child))
    child.once('close', (code, killedBy) => {
      const failure = why ?? (code === null ? `${killedBy ?? 'a signal'} ended it` : undefined)
      settle({ status: code ?? undefined, output: stdout(), errors: stderr(), failure })
    })
  })
}

/** Of these programs, those that PATH does not hold. */
export function findLacking(programs: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return programs.filter((program) => !folders.some((folder) => isProgram(join(folder, program))))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Bytes, so that a character that comes in two pieces stays one; what is no UTF-8 becomes the replacement character. */
function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  let length = 0
  stream?.on('data', (chunk: Buffer) => {
    if (length < READ_MAX) chunks.push(chunk.subarray(0, READ_MAX - length))
    length += chunk.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

/** SIGTERM, then SIGKILL, to the group that we made; a group that is gone is none. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined || !signalGroup(pid, 'SIGTERM')) return
  setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS).unref()
}

function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

function explain(error: unknown, name: string, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ENOENT'
    ? `"${name}" is no program here, or ${folder} does not exist`
    : `it cannot be started: ${message}`
}

export function failed(failure: string): Outcome {
  return { status: undefined, output: '', errors: '', failure }
}
