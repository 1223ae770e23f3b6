import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { identify, isAlive, type LabFile } from '../../lab/index.ts'
import { DrillError } from '../drill-error.ts'
import type { FaultJob, Scene } from '../fault/fault.ts'
import { DrillFolder, type RunRecord } from './drill-folder.ts'
import { undoFaults } from './undo-faults.ts'

const LOOK_MS = 250
/** A machine that is busy with its lab takes seconds to start a process. */
const ARMED_WITHIN_MS = 30_000
const RETRY_MS_MAX = 30_000
/** It gives up then; the journal keeps what is left for `drill undo`. */
const FAILURES_MAX = 200

/** Starts the watchdog of a run and waits until it is on guard. It outlives whoever started it. */
export async function armWatchdog(folder: DrillFolder, { self }: Scene): Promise<void> {
  if (folder.findWatchdog()) return
  const [program = '', ...args] = self
  const log = openSync(folder.watchdogLog, 'a', 0o600)
  const labPath = folder.readRun()?.labFile.path ?? ''
  const child = spawn(program, [...args, 'drill', 'watch', labPath], { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  child.on('error', () => undefined)
  child.unref()
  const deadline = performance.now() + ARMED_WITHIN_MS
  while (performance.now() < deadline && child.exitCode === null) {
    if (folder.findWatchdog()) return
    await pause(25)
  }
  throw new DrillError('failed', `The watchdog did not start; see ${folder.watchdogLog}. Nothing was broken.`)
}

/**
 * The body of the watchdog process: undoes every fault whose time to live is over, and all of them as soon as their
 * runner is gone. Resolves when the run is over and nothing is left, or when it had to give up.
 */
export async function runWatchdog(labFile: LabFile, self: readonly string[]): Promise<void> {
  const folder = new DrillFolder(labFile)
  const run = folder.readRun()
  const identity = identify(process.pid)
  if (!run || !identity) return
  folder.writeWatchdog(identity)
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  const scene: Scene = { labFile: run.labFile, folder: folder.path, self }
  while (isOnDuty(folder, run)) {
    await undoFaults(folder, scene, {
      isDue: (job) => isDue(job, run) && isTime(job),
      onFailure: (job, reason) => {
        nextTry.set(job.id, performance.now() + Math.min(RETRY_MS_MAX, 500 * 2 ** Math.min(job.failures, 10)))
        process.stdout.write(`${new Date().toISOString()} ${job.target}: ${job.fault} is still there: ${reason}\n`)
      },
    })
    await pause(LOOK_MS)
  }
  const isOurs = folder.readRun()?.run === run.run
  if (isOurs && folder.readEntries().length === 0) folder.forgetRun()
}

const nextTry = new Map<string, number>()

function isTime({ id }: FaultJob): boolean {
  return performance.now() >= (nextTry.get(id) ?? 0)
}

/** As long as its runner lives, and then until everything of the run is undone. */
function isOnDuty(folder: DrillFolder, run: RunRecord): boolean {
  const isGoingOn = folder.readRun()?.run === run.run && isAlive(run.runner)
  return isGoingOn || folder.readEntries().some((job) => job.run === run.run && job.failures < FAILURES_MAX)
}

function isDue(job: FaultJob, run: RunRecord): boolean {
  if (job.run !== run.run || job.failures >= FAILURES_MAX) return false
  return Date.now() >= Date.parse(job.expiresAt) || !isAlive(run.runner)
}
