import { spawn } from 'node:child_process'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { unreachable } from '../../source/index.ts'
import type { ReadyCheck } from '../format/plan.ts'

const LOG_MAX = 4 * 1024 * 1024

export interface ReadyContext {
  readonly log: string
  /** Where in the log this start of the process begins. */
  readonly logFrom: number
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly withinMs: number
}

/** One look: undefined when the part is ready, else why it is not. Bounded by `withinMs`. */
export async function checkReady(check: ReadyCheck, context: ReadyContext): Promise<string | undefined> {
  try {
    return await look(check, context)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function look(check: ReadyCheck, context: ReadyContext): Promise<string | undefined> {
  switch (check.kind) {
    case 'http':
      return checkHttp(check.url, context.withinMs)
    case 'tcp':
      return checkTcp(check.host, check.port, context.withinMs)
    case 'log':
      return Promise.resolve(checkLog(check.pattern, context))
    case 'command':
      return checkCommand(check.command, context)
    case 'end':
      return Promise.resolve('has not ended yet')
    default:
      return unreachable(check)
  }
}

function checkHttp(url: string, withinMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      const { statusCode = 0 } = response
      response.resume()
      response.on('error', () => undefined)
      resolve(statusCode >= 200 && statusCode < 300 ? undefined : `${url} answers ${statusCode}`)
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer')), withinMs)
    request.on('error', (error) => resolve(`${url}: ${error.message}`))
    request.on('close', () => clearTimeout(timer))
  })
}

function checkTcp(host: string, port: number, withinMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), withinMs)
    socket.on('connect', () => {
      resolve(undefined)
      socket.destroy()
    })
    socket.on('error', (error) => resolve(`${host}:${port}: ${error.message}`))
    socket.on('close', () => clearTimeout(timer))
  })
}

function checkLog(pattern: string, { log, logFrom }: ReadyContext): string | undefined {
  const text = readFrom(log, logFrom)
  return new RegExp(pattern, 'm').test(text) ? undefined : `no line of its log matches ${pattern}`
}

function readFrom(file: string, from: number): string {
  const length = Math.min(Math.max(0, statSync(file).size - from), LOG_MAX)
  const buffer = Buffer.alloc(length)
  const opened = openSync(file, 'r')
  try {
    return buffer.subarray(0, readSync(opened, buffer, 0, length, from)).toString('utf8')
  } finally {
    closeSync(opened)
  }
}

function checkCommand(command: readonly string[], context: ReadyContext): Promise<string | undefined> {
  return new Promise((resolve) => {
    const [program = '', ...args] = command
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: context.folder,
      env: { ...context.environment },
      stdio: 'ignore',
      timeout: context.withinMs,
      killSignal: 'SIGKILL',
    })
    child.on('error', (error) => resolve(`${program}: ${error.message}`))
    child.on('exit', (code) => resolve(code === 0 ? undefined : `${command.join(' ')} ends with ${code ?? 'a signal'}`))
  })
}
