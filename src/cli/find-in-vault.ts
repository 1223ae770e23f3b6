import { join } from 'node:path'
import { REGIONS } from '../hub/index.ts'
import type { Problem } from '../source/index.ts'
import { checkVault, type VaultFinding } from '../vault/index.ts'
import { findUsual } from './find-files.ts'
import { readSystem } from './read-system.ts'
import { pathFrom, type ReadVault } from './read-vault.ts'

/** What is wrong with the pages of a vault, by the file as the reader would name it. `today` as YYYY-MM-DD. */
export function findInVault(read: ReadVault, today: string): VaultFinding[] {
  const refused = read.problems.map((problem): VaultFinding => ({ ...problem, kind: 'page', severity: 'error' }))
  const options = { today, components: listComponents(read), regions: Object.keys(REGIONS) }
  return [...refused, ...checkVault(read.vault, options)].map((finding) => ({
    ...finding,
    ...placed(read.root, finding),
  }))
}

/** Positions within a vault are from its root; people want them from where they are. */
function placed(root: string, { where, message }: Problem): Problem {
  return { where: { ...where, file: join(root, where.file) }, message }
}

function listComponents({ root }: ReadVault) {
  const system = findUsual(root)
  if (system === undefined) return undefined
  const { model } = readSystem([system])
  const waivers = model.waivers.filter(({ finding }) => finding === 'LP005')
  const waived = new Map(waivers.map(({ at, until }) => [at, until]))
  return model.components.map(({ id, title, tier, runbook, where }) => ({
    id,
    title,
    isCritical: tier === 'P0',
    runbook,
    waivedUntil: waived.get(id),
    where: { ...where, file: pathFrom(root, where.file) },
  }))
}
