import { join } from 'node:path'
import { assess } from '../assess/index.ts'
import { readRecords } from '../evidence/index.ts'
import type { RegionSources } from '../hub/index.ts'
import { UsageError } from './exit.ts'
import { findUsual } from './find-files.ts'
import { readProof } from './read-proof.ts'
import { readSystem } from './read-system.ts'
import type { ReadVault } from './read-vault.ts'

/** What the regions of a vault are written from. */
export interface VaultSources {
  readonly newestRecord: Date | undefined
  /** Assessed once for each moment. */
  sourcesAt(moment: Date, page: string): RegionSources
  /** The claims that evidence supports at a moment. */
  supportedAt(moment: Date): ReadonlySet<string>
}

/** Throws a `UsageError` when the vault has no model, or one with problems. */
export function readVaultSources({ root, vault }: ReadVault): VaultSources {
  const system = findUsual(root)
  if (system === undefined)
    throw new UsageError(
      `${root} has no model to write regions from. Put system files into ${join(root, 'system')}; linchpin init writes a first one.`,
    )
  const { model } = readSystem([system])
  const evidence = readRecords(join(root, 'evidence'))
  const pages = [...vault.pages.keys()]
  const known = new Map<number, Omit<RegionSources, 'page'>>()
  const at = (moment: Date): Omit<RegionSources, 'page'> => {
    const found = known.get(moment.getTime())
    if (found) return found
    const proof = readProof(model, [root], moment)
    const sources = { assessment: assess(model, proof.support), proof, evidence, pages, root }
    known.set(moment.getTime(), sources)
    return sources
  }
  const newest = evidence.records.at(-1)?.record.at
  return {
    newestRecord: newest === undefined ? undefined : new Date(newest),
    sourcesAt: (moment, page) => ({ ...at(moment), page }),
    supportedAt: (moment) => at(moment).proof.support.supported,
  }
}
