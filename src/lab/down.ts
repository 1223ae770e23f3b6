import { dirname } from 'node:path'
import { orderInWaves } from './format/start-order.ts'
import { LabError } from './lab-error.ts'
import { removeMachines } from './machine/machines.ts'
import type { LabFile } from './open-lab.ts'
import { isAlive } from './process/identity.ts'
import { findMarked } from './process/process-table.ts'
import { stopTree } from './process/signal.ts'
import { findLabFolders, type InstanceRecord, type LabFolder } from './state/lab-folder.ts'
import { lockLab } from './state/lock.ts'
import { ask } from './supervise/control-channel.ts'
import type { ProgressEvent } from './supervise/requests.ts'

const ANSWER_WITHIN_MS = 1_000
const STRAY_WITHIN_MS = 2_000
const SUPERVISOR_WITHIN_MS = 3_000
/** A `lab up` that is cancelled by us needs a moment to stop what it started. */
const LOCK_WITHIN_MS = 60_000

export interface DownOptions {
  readonly onProgress?: (event: ProgressEvent) => void
}

export interface DownResult {
  /** The parts that still ran. */
  readonly stopped: readonly string[]
}

/**
 * Stops everything of a lab and nothing else, in the order of its records; works without its supervisor, after a
 * crash or a reboot, and when `lab.yaml` is broken meanwhile. Data and logs stay.
 */
export async function takeDown(file: LabFile, options: DownOptions = {}): Promise<DownResult> {
  const stopped: string[] = []
  for (const folder of findLabFolders(dirname(file.path), file.path)) {
    const before = folder.readInstances().filter(({ process }) => isAlive(process))
    await askToStop(folder, options)
    const release = await lockLab(folder.path, LOCK_WITHIN_MS)
    try {
      await askToStop(folder, options)
      await endSupervisor(folder)
      await stopRecorded(folder, options)
      removeMachines(folder)
      stopped.push(...before.map(({ name }) => name))
    } finally {
      release()
    }
  }
  return { stopped }
}

/** Ends the supervisor process, which leaves its parts alone, and forgets that the lab ran. */
export async function endSupervisor(folder: LabFolder): Promise<void> {
  const supervisor = folder.readSupervisor()
  if (supervisor) await stopTree(supervisor, { signal: 'SIGTERM', withinMs: SUPERVISOR_WITHIN_MS })
  folder.forgetRun()
}

/** One that does not answer soon is passed over: the records say what to stop. */
async function askToStop(folder: LabFolder, { onProgress }: DownOptions): Promise<void> {
  const isThere = await ask(folder.socket, { do: 'status' }, { withinMs: ANSWER_WITHIN_MS })
  if (!isThere) return
  await ask(folder.socket, { do: 'down' }, { onEvent: (event) => onProgress?.(event as ProgressEvent) })
}

/** What the supervisor left, because it is dead: callers first, then strays that carry the lab's mark. */
async function stopRecorded(folder: LabFolder, { onProgress }: DownOptions): Promise<void> {
  const records = folder.readInstances()
  for (const wave of orderInWaves(needsOf(records)).reverse())
    await Promise.all(
      records
        .filter(({ part }) => wave.includes(part))
        .map(async (record) => {
          if (!(await stopTree(record.process, record.stop))) throw explainSurvivor(record)
          folder.removeInstance(record.name)
          onProgress?.({ name: record.name, state: { kind: 'stopped' }, ports: record.ports })
        }),
    )
  const mark = folder.readLab()?.mark
  const strays = mark === undefined ? [] : findMarked(mark)
  await Promise.all(strays.map(({ identity }) => stopTree(identity, { signal: 'SIGTERM', withinMs: STRAY_WITHIN_MS })))
}

function needsOf(records: readonly InstanceRecord[]): Map<string, readonly string[]> {
  return new Map(records.map(({ part, dependsOn }) => [part, dependsOn]))
}

function explainSurvivor({ name, process }: InstanceRecord): LabError {
  return new LabError(
    'failed',
    `${name} (process ${process.pid}) does not end, not even by SIGKILL. Look at it: ps ${process.pid}`,
  )
}
