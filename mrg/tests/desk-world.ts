import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { mrgFolder } from '../kernel/index.ts'

// What the tests of the dispatch desk run on: a lab of PostgreSQL, two gateways and BBD.

const run = promisify(execFile)
const bin = fileURLToPath(new URL('../bin/linchpin.js', `file://${mrgFolder}`))
export const TOKEN = 'desk-test-token'
/** The limit is only for a test that fails. */
export const WAIT = { timeout: 90_000, interval: 100 }

const LAB = `lab: desk
environment:
  DATABASE: "postgres://postgres@\${host}:\${port.postgresql}/mrg"
  INSTANCE: "\${instance}"
  PORT: "\${port}"
  DATA: "\${data}"
  LOG_LEVEL: warn
parts:
  postgresql: { kind: postgresql, port: 7432, database: mrg }
  taxi-partner-gateway:
    command: [node, "${mrgFolder}dist/services/taxi-partner-gateway/main.js"]
    port: 7405
    instances: 2
    links: { bbd: 7450 }
    environment:
      BBD: "http://\${host}:\${link.bbd}"
      BBD_CLIENT_ID: desk-client
      BBD_CLIENT_SECRET: desk-client-secret
      CALLBACK_SECRET: desk-callback-secret
      OPERATOR_TOKEN: ${TOKEN}
    depends-on: [postgresql]
    ready: { http: "http://\${host}:\${port}/ready", within: 120s }
  bbd:
    command: [node, "${mrgFolder}dist/simulators/bbd/main.js"]
    port: 7411
    links: { taxi-partner-gateway: 7460 }
    environment:
      CLIENT_ID: desk-client
      CLIENT_SECRET: desk-client-secret
      CALLBACK_URL: "http://\${host}:\${link.taxi-partner-gateway}/callbacks/bbd"
      CALLBACK_SECRET: desk-callback-secret
      STEP_MS: "3600000"
    ready: { http: "http://\${host}:\${port}/ready", within: 120s }
`

export interface DeskWorld {
  /** Of the two gateways, and of both behind one address. */
  readonly addresses: { readonly first: string; readonly second: string; readonly both: string; readonly bbd: string }
  lab(...args: string[]): Promise<void>
  /** Answers of the desk to an operator. */
  ask(operator: string, question: string, body?: object): Promise<Reply>
  /** Wants a taxi; the order it is for. */
  wantTaxi(options?: { rider?: string; at?: string; orderId?: string }): Promise<string>
  readDispatch(orderId: string): Promise<Reply['body']>
  dispose(): Promise<void>
}

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any
}

/** `stepMs`: how long each step of a trip takes about; an hour if nothing is said. */
export async function createDeskWorld({ stepMs = 3_600_000 } = {}): Promise<DeskWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mrg-desk-'))
  writeFileSync(join(folder, 'lab.yaml'), LAB.replace('3600000', String(stepMs)))
  const base = await findPortBase()
  const at = (port: number) => `http://127.0.0.1:${port + base}`
  const addresses = { first: at(7405), second: at(7406), both: at(7460), bbd: at(7411) }
  const env = { ...process.env, LINCHPIN_PORT_BASE: String(base) }
  const lab = async (...args: string[]) =>
    void (await run(process.execPath, [bin, 'lab', ...args], { cwd: folder, env }))
  const readDispatch = async (orderId: string) => (await ask(`${addresses.both}/dispatches/${orderId}`)).body
  return {
    addresses,
    lab,
    readDispatch,
    ask: (operator, question, body) => {
      const [method = 'GET', path = ''] = question.split(' ')
      const headers = { authorization: `Bearer ${TOKEN}`, 'x-operator': operator }
      return ask(`${addresses.both}/desk${path}`, { method, headers, body })
    },
    async wantTaxi({ rider = 'Ayu Lestari', at = addresses.both, orderId = randomUUID() } = {}) {
      const place = { lat: -6.2, lng: 106.82 }
      const body = {
        pickup: { ...place, address: 'Stasiun Gambir' },
        dropoff: { ...place, address: 'Jl. Kemang Raya 10' },
        rider: { name: rider, phone: '+6281234567' },
        fareIdr: 72_000,
        requestedAt: new Date().toISOString(),
      }
      await ask(`${at}/dispatches/${orderId}`, { method: 'PUT', body })
      return orderId
    },
    async dispose() {
      await lab('reset')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Sends one request and reads the answer. */
export async function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: object | undefined } = {},
): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = options
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

async function findPortBase(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const base = 2_000 + 100 * ((process.pid + attempt * 7) % 200)
    const free = await Promise.all([7405, 7406, 7411, 7432, 7450, 7460].map((port) => isFree(port + base)))
    if (!free.includes(false)) return base
  }
  throw new Error('no free ports')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
