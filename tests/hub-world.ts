import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appendRecord, digestOfClaim } from '../src/evidence/index.ts'
import { parseModel } from '../src/model/index.ts'
import { createDrillWorld, type DrillWorld } from './drill-world.ts'
import type { LabWorld } from './lab-world.ts'

// The hub as people start it, over a copy of examples/shop.

const bin = join(fileURLToPath(new URL('..', import.meta.url)), 'bin/linchpin.js')

export type HubWorld = DrillWorld & Hub

export interface Hub {
  readonly address: string
  /** What the server printed, sign-in links included. */
  readonly printed: string
  readonly ask: (
    path: string,
    init?: Asked,
  ) => Promise<{ status: number; headers: Record<string, unknown>; text: string }>
  readonly audit: () => { by: string; did: string; outcome: string }[]
  readonly end: () => Promise<void>
}

export interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

interface HubWorldOptions {
  readonly args?: readonly string[]
  /** The text of `live.yaml`. */
  readonly live?: string
}

export async function createHubWorld({ args = [], live }: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await createDrillWorld()
  if (live !== undefined) writeFileSync(join(world.folder, 'vault/live.yaml'), live)
  const hub = await startHub(world, args)
  const dispose = async () => {
    await hub.end()
    await world.dispose()
  }
  return { ...world, ...hub, dispose }
}

/** Over the vault of a world, whatever that holds. */
export async function startHub(world: LabWorld, args: readonly string[]): Promise<Hub> {
  const server = spawn(process.execPath, [bin, 'serve', 'vault', '--port', '0', ...args], {
    cwd: world.folder,
    env: { ...process.env, LINCHPIN_PORT_BASE: String(world.portBase) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = await firstWords(server)
  const address = /http:\/\/\S+:\d+/.exec(printed)?.[0].replace('0.0.0.0', 'localhost') ?? ''
  return {
    address,
    printed,
    ask: (path, init) => ask(address + path, init),
    audit: () => {
      const file = join(world.folder, 'vault/.linchpin/audit.jsonl')
      return existsSync(file)
        ? readFileSync(file, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : []
    },
    async end() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
    },
  }
}

function firstWords(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    let timer: NodeJS.Timeout | undefined
    server.stdout?.on('data', (chunk) => {
      text += chunk
      clearTimeout(timer)
      timer = setTimeout(() => resolve(text), 200)
    })
    server.stderr?.on('data', (chunk) => {
      text += chunk
    })
    server.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${text}`)))
  })
}

/** With `node:http`: `fetch` lets nobody choose the host header. */
function ask(url: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** A run of stock-hangs that proved this claim, as if it had been earlier. */
export async function keepRecord(hub: HubWorld, claim: string): Promise<void> {
  const files = ['shop.yaml', 'waivers.yaml'].map((name) => join(hub.folder, 'vault/system', name))
  const { model } = parseModel(files.map((file) => ({ file, text: readFileSync(file, 'utf8') })))
  const part = model && digestOfClaim(model, claim)
  if (part === undefined) throw new Error(`the shop claims no ${claim}`)
  await appendRecord(join(hub.folder, 'vault/evidence'), {
    at: new Date().toISOString(),
    environment: 'lab:embedded',
    drill: { name: 'stock-hangs', digest: part },
    tookMs: 20_000,
    claims: [{ claim, part, verdict: 'supported', because: 'served', trials: [{ servedShare: 1, requests: 200 }] }],
    findings: [],
  })
}
