import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import {
  breakPart,
  bringUp,
  type LabStatus,
  mendPart,
  readStatus,
  resetLab,
  takeDown,
  type UpAnswer,
} from '../src/lab/index.ts'

// What the tests of labs share: the real command in a folder of its own, on ports of its own.

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'bin/linchpin.js')

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface LabWorld {
  readonly folder: string
  readonly portBase: number
  /** Runs `linchpin lab …` in the folder to its end. */
  readonly lab: (...args: string[]) => Promise<Ended>
  /** Starts `linchpin lab …` and leaves it running. */
  readonly start: (...args: string[]) => ChildProcess
  /** The same without the command line, which costs half a second a time. */
  readonly up: () => Promise<UpAnswer>
  readonly down: () => Promise<readonly string[]>
  readonly status: () => Promise<LabStatus>
  readonly breakPart: (target: string, fault: string, settings?: Record<string, string>) => Promise<unknown>
  readonly mendPart: (target?: string) => Promise<unknown>
  readonly dispose: () => Promise<void>
}

/** A folder with a lab of this text, or with a copy of `examples/shop`. */
export async function createWorld(text?: string, env: Record<string, string> = {}): Promise<LabWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-lab-'))
  if (text === undefined)
    cpSync(join(root, 'examples/shop'), folder, { recursive: true, filter: (path) => !path.includes('.linchpin') })
  else writeFileSync(join(folder, 'lab.yaml'), text)
  const portBase = await findPortBase()
  const start = (...args: string[]) =>
    spawn(process.execPath, [bin, 'lab', ...args], {
      cwd: folder,
      env: { ...process.env, FORCE_COLOR: '', ...env, LINCHPIN_PORT_BASE: String(portBase) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const lab = (...args: string[]) => waitForEnd(start(...args))
  const file = () => ({ path: realpathSync(join(folder, 'lab.yaml')), source: readSource(join(folder, 'lab.yaml')) })
  const status = () => readStatus(file())
  const up = () =>
    bringUp(file(), {
      portBase,
      env: { ...process.env, ...env },
      supervisor: [process.execPath, bin, 'lab', 'supervise'],
    })
  const down = async () => (await takeDown(file())).stopped
  const dispose = async () => {
    await down()
    // One that cannot be read, which some tests are about, never had any data.
    await resetLab(file()).catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    folder,
    portBase,
    lab,
    start,
    up,
    down,
    status,
    breakPart: (target, fault, settings = {}) => breakPart(file(), { target, fault, settings }),
    mendPart: (target) => mendPart(file(), target === undefined ? {} : { target }),
    dispose,
  }
}

export function waitForEnd(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data) => {
    stdout += data
  })
  child.stderr?.on('data', (data) => {
    stderr += data
  })
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr })))
}

/** Looks until it is true; fails with `what` after a generous deadline. */
export async function until(what: string, look: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await look())) {
    if (performance.now() > deadline) expect.fail(`never came true: ${what}`)
    await pause(25)
  }
}

/** Whether a process lives; one that waits to be collected by its parent does not. */
export function isLiving(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !'ZX'.includes(text.slice(text.lastIndexOf(')') + 2)[0] ?? '')
  } catch {
    return false
  }
}

/** Every living process that runs in this folder, or whose environment or command names it. */
export function listProcessesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isLiving(pid) && names(pid, folder))
}

function names(pid: number, folder: string): boolean {
  try {
    const isNamed = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(folder)
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || isNamed('environ') || isNamed('cmdline')
  } catch {
    return false
  }
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })
}

/** A base whose ports are free now, the shop's and MRG's; every process looks in a region of its own. */
async function findPortBase(): Promise<number> {
  for (let i = 0; i < 200; i++) {
    const base = 20 * ((process.pid * 7 + i * 13 + Math.floor(Math.random() * 1_000)) % 1_200)
    const ports = [...range(7400, 7480), ...range(7600, 7620)]
    const taken = await Promise.all(ports.map((port) => isListening(base + port)))
    if (!taken.includes(true)) return base
  }
  throw new Error('no free ports')
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

function readSource(file: string): { file: string; text: string } {
  return { file, text: readFileSync(file, 'utf8') }
}
