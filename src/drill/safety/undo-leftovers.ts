import { isAlive, type LabFile } from '../../lab/index.ts'
import { DrillError } from '../drill-error.ts'
import { DrillFolder } from './drill-folder.ts'
import { type Undone, undoFaults } from './undo-faults.ts'

const ATTEMPTS = 3

/**
 * Undoes whatever drills left on a lab: after a crash of the runner, of the watchdog, of the machine. Refuses while a
 * drill is at work. Throws a `DrillError` then.
 */
export async function undoLeftovers(labFile: LabFile, self: readonly string[]): Promise<Undone> {
  const folder = new DrillFolder(labFile)
  const run = folder.readRun()
  if (run && isAlive(run.runner))
    throw new DrillError(
      'wrong-use',
      `The drill ${run.drill} is at work on this lab (process ${run.runner.pid}). Stop it with Ctrl-C: it undoes what it did.`,
    )
  const result = await undoFaults(folder, { labFile, folder: folder.path, self }, { attempts: ATTEMPTS })
  if (result.left.length === 0 && folder.readEntries().length === 0) folder.forgetRun()
  return result
}
