import { setTimeout as pause } from 'node:timers/promises'
import { reasonOf } from '../drill-error.ts'
import type { FaultJob, FaultKind, Scene } from '../fault/fault.ts'
import { faultOf } from '../fault/list.ts'
import type { DrillFolder } from './drill-folder.ts'
import { whileAlone } from './locks.ts'

const RETRY_MS = 500

export interface Undone {
  readonly undone: readonly FaultJob[]
  /** Still there, and why; they stay in the journal. */
  readonly left: readonly { readonly job: FaultJob; readonly reason: string }[]
}

export interface UndoOptions {
  /** Which entries; absent: all. */
  readonly isDue?: (job: FaultJob) => boolean
  /** How often each is tried before it is left. */
  readonly attempts?: number
  readonly onFailure?: (job: FaultJob, reason: string) => void
}

/**
 * Undoes what the journal says, the last first. An entry leaves the journal once its undo succeeded and nothing of it
 * is left; one that fails is tried again, and stays with the reason.
 */
export async function undoFaults(folder: DrillFolder, scene: Scene, options: UndoOptions = {}): Promise<Undone> {
  const { isDue = () => true, attempts = 1, onFailure } = options
  const undone: FaultJob[] = []
  const left: { job: FaultJob; reason: string }[] = []
  for (const { id } of folder.readEntries().filter(isDue).reverse()) {
    for (let attempt = 1; ; attempt++) {
      const result = await whileAlone(folder.path, () => undoOne(folder, scene, id))
      if (!result) break
      if (result.reason === undefined) {
        undone.push(result.job)
        break
      }
      onFailure?.(result.job, result.reason)
      if (attempt >= attempts) {
        left.push({ job: result.job, reason: result.reason })
        break
      }
      await pause(RETRY_MS * attempt)
    }
  }
  return { undone, left }
}

/** Undefined when somebody else did it meanwhile. */
async function undoOne(folder: DrillFolder, scene: Scene, id: string) {
  const job = folder.readEntries().find((entry) => entry.id === id)
  if (!job) return undefined
  const reason = await undoAndLook(job, scene)
  if (reason === undefined) folder.removeEntry(id)
  else folder.writeEntry({ ...job, failures: job.failures + 1, lastError: reason })
  return { job, reason }
}

async function undoAndLook(job: FaultJob, scene: Scene): Promise<string | undefined> {
  try {
    const kind: FaultKind = faultOf(job.kind)
    await kind.undo(job, scene)
    return await kind.residue(job, scene)
  } catch (error) {
    return reasonOf(error)
  }
}
