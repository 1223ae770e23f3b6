import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, vi } from 'vitest'
import { mrgFolder, type Service } from '../kernel/index.ts'

// What the tests of simulators share: real sockets on free ports, folders and processes that end with the test.

const HOST = '127.0.0.1'

/** What the environment says of every simulator in a test. */
export function baseEnvironment() {
  return { HOST, PORT: 0, INSTANCE: '1', LOG_LEVEL: 'error', DATA: newFolder() }
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mrg-simulator-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Lets the service listen until the test ends; its address. */
export async function listen({ app }: Service): Promise<string> {
  onTestFinished(() => app.close())
  return app.listen({ host: HOST, port: 0 })
}

/** Asks once the condition holds; the limit is only for a test that fails. */
export function eventually<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 50_000, interval: 10 })
}

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any
}

/** Sends one request with JSON and reads the answer. */
export async function ask(
  address: string,
  question: string,
  options: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Reply> {
  const [method = 'GET', path = '/'] = question.split(' ')
  const { body, headers, signal } = options
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  return { status: response.status, body: await response.json() }
}

export async function breakWith(address: string, fault: string, settings?: object): Promise<void> {
  expect(await ask(address, `PUT /faults/${fault}`, { body: settings })).toMatchObject({ status: 200 })
}

export async function mend(address: string, fault: string): Promise<void> {
  expect(await ask(address, `DELETE /faults/${fault}`)).toMatchObject({ status: 200 })
}

export interface Received {
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into callbacks of every shape.
  readonly body: any
  readonly headers: IncomingMessage['headers']
}

/** Somebody who is called back, and answers as `answer` says. */
export async function createReceiver(answer: (received: Received, reply: ServerResponse) => void = accept) {
  const received: Received[] = []
  const receiver = { answer, received, address: '' }
  const server = createServer((request, reply) => {
    void text(request).then((content) => {
      const one = { text: content, body: JSON.parse(content), headers: request.headers }
      received.push(one)
      receiver.answer(one, reply)
    })
  })
  receiver.address = await listenOn(server)
  return receiver
}

export function accept(_received: unknown, reply: ServerResponse): void {
  reply.writeHead(204).end()
}

export function refuse(_received: unknown, reply: ServerResponse): void {
  reply.writeHead(503).end()
}

export async function listenOn(server: Server): Promise<string> {
  server.listen(0, HOST)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://${HOST}:${(server.address() as AddressInfo).port}`
}

export interface Child {
  readonly address: string
  kill(): Promise<void>
}

/** Starts a compiled simulator as a process of its own and waits until it is ready. */
export async function startProcess(name: string, environment: Record<string, string>): Promise<Child> {
  const port = await findFreePort()
  const child = spawn(process.execPath, [join(mrgFolder, `dist/simulators/${name}/main.js`)], {
    env: { PORT: String(port), LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const kill = () => killHard(child)
  onTestFinished(kill)
  const address = `http://${HOST}:${port}`
  await eventually(async () => expect((await ask(address, 'GET /ready')).status).toBe(200))
  return { address, kill }
}

async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = once(child, 'exit')
  child.kill('SIGKILL')
  await end
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
