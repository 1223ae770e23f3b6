import type { Assessment } from '../../assess/index.ts'
import type { Evidence, Proof } from '../../evidence/index.ts'
import { formatPosition, type Position } from '../../source/index.ts'

/** What regions are written from: a platform as its evidence has it at one moment. */
export interface RegionSources {
  readonly assessment: Assessment
  readonly proof: Proof
  readonly evidence: Evidence
  /** The page the region stands in, and every page of the vault: paths from its root. */
  readonly page: string
  readonly pages: readonly string[]
  /** The folder that positions are shown from, so that a page reads the same wherever the command ran. */
  readonly root: string
}

/** `system/targets.yaml:4`, from the vault's root. */
export function sayWhere({ root }: RegionSources, where: Position): string {
  const prefix = root.endsWith('/') ? root : `${root}/`
  const file = where.file.startsWith(prefix) ? where.file.slice(prefix.length) : where.file
  return formatPosition({ ...where, file }).replace(/:\d+$/, '')
}
