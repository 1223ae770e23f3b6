import { rmSync } from 'node:fs'
import { type DownOptions, takeDown } from './down.ts'
import { type LabFile, type LabOptions, openLab } from './open-lab.ts'
import { findPostgresql } from './postgresql/find-postgresql.ts'

/**
 * Takes a lab down and deletes what its parts kept and wrote, whatever profile they ran in: the next `lab up` starts from
 * nothing. Parts that were emptied only in part would contradict each other.
 */
export async function resetLab(file: LabFile, options: LabOptions & DownOptions = {}): Promise<void> {
  const { plan, folder } = openLab(file, options)
  await takeDown(file, options)
  for (const { dataFolder } of plan.instances) rmSync(dataFolder, { recursive: true, force: true })
  // The data of parts that run as other users; a folder of this lab alone.
  rmSync(findPostgresql(folder.data).dataFolder, { recursive: true, force: true })
  rmSync(folder.path, { recursive: true, force: true })
}
