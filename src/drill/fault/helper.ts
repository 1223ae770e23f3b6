import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Identity, identify, isAlive, readJson, stopTree, writeAtomically } from '../../lab/index.ts'
import type { FaultJob, Scene } from './fault.ts'

const START_WITHIN_MS = 30_000

/** Starts a process that does harm as long as its fault is in the journal. It writes down who it is before it begins. */
export async function startHelper({ id }: FaultJob, scene: Scene, words: readonly string[]): Promise<void> {
  const file = helperFile(id, scene)
  const [program = '', ...args] = [...scene.self, 'drill', 'helper', ...words, file]
  const child = spawn(program, args, { detached: true, stdio: 'ignore' })
  child.on('error', () => undefined)
  child.unref()
  const deadline = performance.now() + START_WITHIN_MS
  while (performance.now() < deadline) {
    if (existsSync(file)) return
    if (child.exitCode !== null) throw new Error(`The helper ended with status ${child.exitCode}.`)
    await pause(25)
  }
  throw new Error('The helper did not start.')
}

export function isHelping({ id }: FaultJob, scene: Scene): boolean {
  const identity = readJson(helperFile(id, scene)) as Identity | undefined
  return identity !== undefined && isAlive(identity)
}

export async function stopHelper({ id }: FaultJob, scene: Scene): Promise<void> {
  const identity = readJson(helperFile(id, scene)) as Identity | undefined
  if (identity && !(await stopTree(identity, { signal: 'SIGTERM', withinMs: 1_000 })))
    throw new Error(`The helper (process ${identity.pid}) does not end.`)
}

/** In the helper: writes down who it is; then whether its fault is still in the journal. */
export function beginHelping(file: string): () => boolean {
  const self = identify(process.pid)
  if (!existsSync(entryOf(file)) || !self) return () => false
  writeAtomically(file, JSON.stringify(self))
  return () => existsSync(entryOf(file))
}

/** The peak of a process's resident memory, in bytes. */
export function readResident({ id }: FaultJob, scene: Scene): number {
  const identity = readJson(helperFile(id, scene)) as Identity | undefined
  if (!identity || !isAlive(identity)) return 0
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${identity.pid}/status`, 'utf8')) ?? []
  return 1024 * Number(kilobytes)
}

function helperFile(id: string, { folder }: Scene): string {
  return join(folder, 'journal', `${id}.helper`)
}

function entryOf(file: string): string {
  return file.replace(/\.helper$/, '.json')
}
