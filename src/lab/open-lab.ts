import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SourceText } from '../source/index.ts'
import type { LabPlan } from './format/plan.ts'
import { type LabSetting, type ReadLab, readLab } from './format/read-lab.ts'
import { LabError, wrongLab } from './lab-error.ts'
import { findPostgresql } from './postgresql/find-postgresql.ts'
import { isAlive } from './process/identity.ts'
import { findLabFolders, LabFolder, type LabRecord, labsFolderOf } from './state/lab-folder.ts'

/** A `lab.yaml` that was found. */
export interface LabFile {
  /** Absolute, with links resolved: it is the identity of the lab. */
  readonly path: string
  /** Its text, under the name that messages use. */
  readonly source: SourceText
}

export interface LabOptions {
  readonly profile?: string | undefined
  readonly portBase?: number | undefined
  /** Absent for commands that start nothing. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface OpenLab {
  readonly plan: LabPlan
  readonly folder: LabFolder
  readonly locate: ReadLab['locate']
  /** What the running lab was started with; undefined when it is down. */
  readonly running: LabRecord | undefined
}

/**
 * Reads a lab for a command. What runs decides the profile and the ports; asking for others is wrong use. Throws a
 * `LabError` with every problem of the file.
 */
export function openLab(file: LabFile, options: LabOptions): OpenLab {
  const base = dirname(file.path)
  const running = findRunning(base, file.path)
  const profile = options.profile ?? knownProfile(running?.record)
  const portBase = options.portBase ?? running?.record.portBase ?? 0
  const dataFolderOf = (lab: string) => new LabFolder(join(labsFolderOf(base), lab)).data
  const read = (dataFolder: string) =>
    readOnce(file.source, {
      folder: base,
      dataFolder,
      postgresql: findPostgresql(dataFolder),
      profile,
      portBase,
      env: options.env,
    })
  const first = read('')
  if (!first.plan) throw wrongLab(first.problems)
  const { plan = first.plan, locate } = read(dataFolderOf(first.plan.lab))
  const folder = new LabFolder(join(labsFolderOf(base), plan.lab))
  if (running) requireSame(running, plan, folder)
  return { plan, folder, locate, running: running?.record }
}

interface Known {
  readonly lab: ReadLab
  /** What other files said then; undefined of one that could not be read. */
  readonly texts: ReadonlyMap<string, string | undefined>
}
const known = new WeakMap<SourceText, Map<string, Known>>()

/**
 * Reads a lab unless that was done before for the same, and nothing that it rests on has changed. Reading a large one costs a
 * tenth of a second and more, and a drill that sees faults land asks many times a second, beside the lab that it measures.
 */
function readOnce(source: SourceText, setting: Omit<LabSetting, 'readText'>): ReadLab {
  const ofSource = known.get(source) ?? new Map<string, Known>()
  known.set(source, ofSource)
  const key = JSON.stringify(setting)
  const old = ofSource.get(key)
  if (old && [...old.texts].every(([path, text]) => readText(path) === text)) return old.lab
  const texts = new Map<string, string | undefined>()
  const remember = (path: string) => {
    const text = readText(path)
    texts.set(path, text)
    return text
  }
  const lab = readLab(source, { ...setting, readText: remember })
  ofSource.set(key, { lab, texts })
  return lab
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function findRunning(base: string, file: string): { record: LabRecord; path: string } | undefined {
  for (const folder of findLabFolders(base, file)) {
    const record = folder.readLab()
    const supervisor = folder.readSupervisor()
    const isUp = (supervisor && isAlive(supervisor)) || folder.readInstances().some(({ process }) => isAlive(process))
    if (record && isUp) return { record, path: folder.path }
  }
  return undefined
}

/** "all" is what a lab without profiles runs. */
function knownProfile(record: LabRecord | undefined): string | undefined {
  return record?.profile === 'all' ? undefined : record?.profile
}

function requireSame({ record, path }: { record: LabRecord; path: string }, plan: LabPlan, folder: LabFolder): void {
  if (path !== folder.path)
    throw new LabError('wrong-use', `The lab is up under its former name; see ${path}. Run linchpin lab down first.`)
  if (record.profile === plan.profile && record.portBase === plan.portBase) return
  throw new LabError(
    'wrong-use',
    `The lab ${plan.lab} is up with the profile ${record.profile} and port base ${record.portBase}. Run linchpin lab down first.`,
  )
}
