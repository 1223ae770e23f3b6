import { DrillError, undoLeftovers } from '../drill/index.ts'
import type { LabFile } from '../lab/index.ts'
import { SELF } from './self.ts'

/** Undoes what drills left on a lab, before it is used again. While a drill is at work there is nothing to repair. */
export async function repair(labFile: LabFile): Promise<void> {
  const { undone, left } = await undoLeftovers(labFile, SELF).catch((error: unknown) => {
    if (error instanceof DrillError) return { undone: [], left: [] }
    throw error
  })
  for (const { target, fault, drill } of undone)
    process.stderr.write(`${target}: ${fault} of the drill ${drill} was left, and is undone\n`)
  for (const { job, reason } of left)
    process.stderr.write(`${job.target}: ${job.fault} of the drill ${job.drill} is still there: ${reason}\n`)
}
