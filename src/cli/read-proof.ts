import { readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type Evidence, type KnownDrill, type Proof, readRecords, weighEvidence } from '../evidence/index.ts'
import type { SystemModel } from '../model/index.ts'
import { isPlainObject, readYaml } from '../source/index.ts'
import { findUsual, readText } from './find-files.ts'

/** What the evidence beside the model says of it at a moment. */
export function readProof(model: SystemModel, paths: readonly string[], asOf: Date): Proof {
  const vaults = [...new Set((paths.length > 0 ? paths : ['.']).map(findVault))]
  const evidence = joinEvidence(vaults.map((vault) => readRecords(join(vault, 'evidence'))))
  return weighEvidence({ model, evidence, drills: vaults.flatMap(listDrills), asOf })
}

/** The folder in which `evidence/` and `drills/` lie beside the system files. */
export function findVault(path: string): string {
  const system = findUsual(path) ?? path
  const folder = isFolder(system) ? system : join(system, '..')
  return basename(resolve(folder)) === 'system' ? join(folder, '..') : folder
}

/** True for a folder with pages beside its `system/`, or with a `vault/` that has them. */
export function isVaultFolder(path: string): boolean {
  return isFolder(path) && isFolder(join(findVault(path), 'system'))
}

function joinEvidence(all: readonly Evidence[]): Evidence {
  const byTime = (a: { record: { at: string } }, b: { record: { at: string } }) => (a.record.at < b.record.at ? -1 : 1)
  return {
    records: all.flatMap(({ records }) => records).sort(byTime),
    damaged: all.flatMap(({ damaged }) => damaged),
  }
}

/** Of drill files only their names and what they prove are read here; `drill list` says what is wrong with them. */
function listDrills(vault: string): KnownDrill[] {
  const folder = join(vault, 'drills')
  if (!isFolder(folder)) return []
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name))
  return files.sort().flatMap((file) => {
    const drill = readYaml(readText(join(folder, file))).values.find(isPlainObject)
    if (!drill) return []
    const name = typeof drill.drill === 'string' ? drill.drill : file.replace(/\.ya?ml$/, '')
    return { name, proves: [drill.proves].flat().filter((claim) => typeof claim === 'string') }
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
