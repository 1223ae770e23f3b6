import { rmSync } from 'node:fs'
import { type DownOptions, takeDown } from './down.ts'
import { type LabFile, type LabOptions, openLab } from './open-lab.ts'

/** Takes a lab down and deletes what its parts kept and wrote: the next `lab up` starts from nothing. */
export async function resetLab(file: LabFile, options: LabOptions & DownOptions = {}): Promise<void> {
  const { plan, folder } = openLab(file, options)
  await takeDown(file, options)
  for (const { dataFolder } of plan.instances) rmSync(dataFolder, { recursive: true, force: true })
  rmSync(folder.path, { recursive: true, force: true })
}
