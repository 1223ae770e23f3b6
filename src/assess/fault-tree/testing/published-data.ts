import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The Aralia fault trees (35 models in Open-PSA format with reference answers), or null where they are not at hand. They are not
 * part of the project (CC BY-SA): they are looked for beside the repository and under `LINCHPIN_DATA`.
 */
export function findAraliaFolder(): string | null {
  const besideRepository = join(import.meta.dirname, '../../../../../shared/data')
  const roots = [process.env.LINCHPIN_DATA, besideRepository].filter((root) => root !== undefined)
  return roots.map((root) => join(root, 'aralia')).find((folder) => existsSync(folder)) ?? null
}
