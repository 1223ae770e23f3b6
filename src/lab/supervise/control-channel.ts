import { chmodSync, closeSync, openSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { basename, dirname } from 'node:path'

/** Longest path that fits the address of a socket. */
const SOCKET_PATH_MAX = 100

export interface Conversation {
  /** Tells the asker what is going on. */
  readonly send: (event: object) => void
  /** Aborted when the asker cancels or goes away before the answer. */
  readonly signal: AbortSignal
}

/** Answers requests on a socket that only its user may open: one JSON line in, events and an answer out. */
export function answerRequests(
  path: string,
  answer: (request: unknown, conversation: Conversation) => Promise<object>,
): Promise<Server> {
  rmSync(path, { force: true })
  const server = createServer((socket) => converse(socket, answer))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    withShortPath(path, (short) => server.listen(short, () => resolve(server)))
    server.once('listening', () => chmodSync(path, 0o600))
  })
}

function converse(socket: Socket, answer: (request: unknown, conversation: Conversation) => Promise<object>): void {
  const cancelled = new AbortController()
  let isAsked = false
  const send = (event: object) => {
    if (socket.writable) socket.write(`${JSON.stringify(event)}\n`)
  }
  readLines(socket, (line) => {
    if (isAsked) return cancelled.abort()
    isAsked = true
    answer(JSON.parse(line), { send, signal: cancelled.signal }).then(
      (reply) => socket.end(`${JSON.stringify({ answer: reply })}\n`),
      (error: unknown) =>
        socket.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`),
    )
  })
  socket.on('error', () => cancelled.abort())
  socket.on('close', () => cancelled.abort())
}

export interface AskOptions {
  readonly onEvent?: (event: object) => void
  /** Cancels the request; the answer still comes. */
  readonly signal?: AbortSignal
  /** Without an answer for so long, the supervisor counts as gone. Absent: as long as it takes. */
  readonly withinMs?: number
}

/** Asks the supervisor; undefined when none answers. Throws what it answers as an error. */
export function ask<T>(path: string, request: object, options: AskOptions = {}): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const socket = withShortPath(path, (short) => connect(short))
    const timer = options.withinMs === undefined ? undefined : setTimeout(() => socket.destroy(), options.withinMs)
    const cancel = () => socket.write('"cancel"\n')
    socket.once('connect', () => {
      socket.write(`${JSON.stringify(request)}\n`)
      if (options.signal?.aborted) cancel()
      else options.signal?.addEventListener('abort', cancel)
    })
    readLines(socket, (line) => {
      const message = JSON.parse(line) as { answer?: T; error?: string }
      if (message.error !== undefined) reject(new Error(message.error))
      else if (message.answer !== undefined) resolve(message.answer)
      else options.onEvent?.(message)
    })
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', cancel)
      resolve(undefined)
    })
  })
}

function readLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}

/** An address has room for about 100 letters; a longer path is reached through its opened folder. */
function withShortPath<T>(path: string, use: (path: string) => T): T {
  if (path.length <= SOCKET_PATH_MAX) return use(path)
  const folder = openSync(dirname(path), 'r')
  try {
    return use(`/proc/self/fd/${folder}/${basename(path)}`)
  } finally {
    closeSync(folder)
  }
}
