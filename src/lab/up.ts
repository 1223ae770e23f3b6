import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { endSupervisor } from './down.ts'
import { LabError, wrongLab } from './lab-error.ts'
import { makeMachines, removeMachines } from './machine/machines.ts'
import { type LabFile, type LabOptions, type OpenLab, openLab } from './open-lab.ts'
import { findMissingPackages, installPackages } from './packages/debian-packages.ts'
import { checkMachine } from './preflight.ts'
import { isAlive } from './process/identity.ts'
import { inheritedEnvironment } from './process/launch.ts'
import { readLogEnd } from './read-log.ts'
import type { LabFolder } from './state/lab-folder.ts'
import { lockLab } from './state/lock.ts'
import { ask } from './supervise/control-channel.ts'
import type { ProgressEvent, SupervisorStatus, UpAnswer } from './supervise/requests.ts'

const SUPERVISOR_WITHIN_MS = 15_000
const ANSWER_WITHIN_MS = 2_000
const ENDING_WITHIN_MS = 2_000
const ENDING_POLL_MS = 20

export interface UpOptions extends LabOptions {
  /** The command that runs `runSupervisor` on the folder given as its last argument. */
  readonly supervisor: readonly string[]
  readonly onProgress?: (event: ProgressEvent) => void
  /** Given: Debian packages that are missing are installed first, and each step of that is told. */
  readonly onInstall?: ((step: string) => void) | undefined
  /** Cancels: what was started is stopped again. */
  readonly signal?: AbortSignal
}

/**
 * Brings a lab up and leaves it to its supervisor. Parts that run already are kept, so calling it twice is harmless.
 * Throws a `LabError` when the file or the machine is wrong (nothing was started), or when a part did not become
 * ready (what was started is stopped again).
 */
export async function bringUp(file: LabFile, options: UpOptions): Promise<UpAnswer> {
  const lab = openLab(file, options)
  const release = await lockLab(lab.folder.path)
  try {
    requireSame(lab)
    const packages = lab.plan.instances.flatMap((instance) => instance.packages)
    if (options.onInstall) await installPackages(findMissingPackages(packages), options.onInstall)
    const problems = await checkMachine(lab, listRunning(lab.folder, lab.plan.links))
    if (problems.length > 0) throw wrongLab(problems)
    if (options.signal?.aborted) throw new LabError('failed', 'Stopped before anything was started.')
    const { profile, portBase } = lab.plan
    if (!lab.running) lab.folder.forgetRun()
    lab.folder.open({ file: file.path, profile, portBase })
    makeMachines(lab.folder, lab.plan)
    await ensureSupervisor(lab.folder, options.supervisor)
    const answer = await askToStart(lab, options)
    if (!answer)
      throw new LabError('failed', `The supervisor ended meanwhile; see ${lab.folder.logOf('supervisor')}.`, cleanUp)
    if (lab.folder.readInstances().length === 0) {
      await endSupervisor(lab.folder)
      removeMachines(lab.folder)
    }
    if (answer.isCancelled) throw new LabError('failed', 'Stopped; nothing that was started is left.')
    if (answer.failed.length > 0) throw explainFailed(answer, lab.folder)
    return answer
  } finally {
    release()
  }
}

const cleanUp = 'Run linchpin lab down to clean up.'

function askToStart({ folder, plan }: OpenLab, { onProgress, signal }: UpOptions): Promise<UpAnswer | undefined> {
  const onEvent = (event: object) => onProgress?.(event as ProgressEvent)
  return ask<UpAnswer>(folder.socket, { do: 'up', plan }, { onEvent, ...(signal && { signal }) }).catch(
    (error: unknown) => {
      throw new LabError('failed', error instanceof Error ? error.message : String(error))
    },
  )
}

/** What runs must be what the file says: changing a running lab part by part would leave it half old, half new. */
function requireSame({ folder, plan }: OpenLab): void {
  const digests = new Map(plan.instances.map(({ name, digest }) => [name, digest]))
  const other = folder
    .readInstances()
    .filter(({ name, digest, process }) => isAlive(process) && digests.get(name) !== digest)
    .map(({ name }) => name)
  if (other.length === 0) return
  const [verb, what] = other.length === 1 ? ['runs', 'it was'] : ['run', 'they were']
  throw new LabError(
    'wrong-use',
    `${other.join(', ')} ${verb} as ${what} in an older lab.yaml. Run linchpin lab down first.`,
  )
}

/** Instances that live, and links while their supervisor does: their ports are taken by us. */
function listRunning(folder: LabFolder, links: readonly { name: string }[]): Set<string> {
  const supervisor = folder.readSupervisor()
  const alive = folder.readInstances().filter(({ process }) => isAlive(process))
  const hasLinks = supervisor !== undefined && isAlive(supervisor)
  return new Set([...alive.map(({ name }) => name), ...(hasLinks ? links.map(({ name }) => name) : [])])
}

async function ensureSupervisor(folder: LabFolder, command: readonly string[]): Promise<void> {
  if (await isAnswering(folder)) return
  const old = folder.readSupervisor()
  // One that was killed a moment ago still holds its ports.
  const until = performance.now() + ENDING_WITHIN_MS
  while (old && isAlive(old) && performance.now() < until) await pause(ENDING_POLL_MS)
  if (old && isAlive(old)) throw new LabError('failed', `The supervisor (process ${old.pid}) does not answer.`, cleanUp)
  const [program = '', ...args] = command
  const log = openSync(folder.logOf('supervisor'), 'a', 0o600)
  const child = spawn(program, [...args, folder.path], {
    cwd: folder.path,
    detached: true,
    stdio: ['ignore', log, log],
    env: inheritedEnvironment(),
  })
  closeSync(log)
  child.on('error', () => undefined)
  child.unref()
  const deadline = performance.now() + SUPERVISOR_WITHIN_MS
  while (performance.now() < deadline && child.exitCode === null) {
    if (existsSync(folder.socket) && (await isAnswering(folder))) return
    await pause(25)
  }
  throw new LabError('failed', `The supervisor did not start; see ${folder.logOf('supervisor')}.`, cleanUp)
}

async function isAnswering(folder: LabFolder): Promise<boolean> {
  const answer = await ask<SupervisorStatus>(folder.socket, { do: 'status' }, { withinMs: ANSWER_WITHIN_MS })
  return answer !== undefined
}

function explainFailed({ failed }: UpAnswer, folder: LabFolder): LabError {
  const lines = failed.flatMap(({ name, reason }) => {
    const end = readLogEnd(folder.logOf(name), 5)
    return [`${name} ${reason}. Its log: ${folder.logOf(name)}`, ...end.map((line) => `    ${line}`)]
  })
  return new LabError('failed', ...lines, 'What was started is stopped again.')
}
