import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { assess } from '../../assess/index.ts'
import { readRecords } from '../../evidence/index.ts'
import { type DrillEntry, readDocs, type Snapshot } from '../../hub/index.ts'
import type { LabFile } from '../../lab/index.ts'
import type { SystemModel } from '../../model/index.ts'
import { digestOf, formatProblem } from '../../source/index.ts'
import { UsageError } from '../exit.ts'
import { findDrills } from '../find-drills.ts'
import { readText } from '../find-files.ts'
import { findVault, readProof } from '../read-proof.ts'
import { readSystem } from '../read-system.ts'
import { readVault } from '../read-vault.ts'
import { type LiveSettings, NO_SETTINGS, readLiveSettings } from './feed/settings.ts'
import { listRunbooks } from './list-runbooks.ts'
import { createRunReader } from './read-runs.ts'

const LOOK_EVERY_MS = 1_000
/** Verdicts expire: what was read is judged anew after so long, changed or not. */
const JUDGE_EVERY_MS = 60_000
/** At the root of a vault: what Live asks besides the lab. */
const LIVE_FILE = 'live.yaml'
const DEPTH_MAX = 8
/** The lab's own files, and what drills leave while they run. */
const PASSED_OVER = new Set(['.linchpin', 'node_modules', '.git'])

/** A vault with what `live.yaml` in it says. */
export interface ReadVault extends Snapshot {
  readonly live: LiveSettings
}

export interface OpenVault {
  /** The vault as it is now. Throws a `UsageError` with every problem of its files. */
  readonly read: () => ReadVault
  /** The same, or as it was when it could last be read. */
  readonly readLast: () => ReadVault
  /** Tells of changes on disk until it is called off. */
  readonly watch: (onChange: (digest: string) => void) => () => void
}

export function openVault(path: string, findLab: () => LabFile | undefined): OpenVault {
  const vault = findVault(path)
  const readRuns = createRunReader(findLab)
  let known: { at: number; snapshot: ReadVault } | undefined
  const read = () => {
    const digest = digestOf(stampsOf(vault))
    if (known?.snapshot.digest === digest && Date.now() - known.at < JUDGE_EVERY_MS) return known.snapshot
    const snapshot = { digest, ...readSnapshot({ path, vault, readRuns }) }
    known = { at: Date.now(), snapshot }
    return snapshot
  }
  const readLast = () => {
    try {
      return read()
    } catch (error) {
      if (known && error instanceof UsageError) return known.snapshot
      throw error
    }
  }
  return {
    read,
    readLast,
    watch(onChange) {
      const timer = setInterval(() => onChange(digestOf(stampsOf(vault))), LOOK_EVERY_MS)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}

interface Where {
  readonly path: string
  readonly vault: string
  readonly readRuns: ReturnType<typeof createRunReader>
}

function readSnapshot({ path, vault, readRuns }: Where): Omit<ReadVault, 'digest'> {
  const { model } = readSystem([path])
  const proof = readProof(model, [path], new Date())
  const evidence = readRecords(join(vault, 'evidence'))
  return {
    assessment: assess(model, proof.support),
    proof,
    evidence,
    drills: listDrills(vault),
    runbooks: listRunbooks(vault),
    docs: readDocs(readVault(vault).vault),
    runs: readRuns(evidence),
    live: readLive(vault, model),
  }
}

function readLive(vault: string, model: SystemModel): LiveSettings {
  const file = join(vault, LIVE_FILE)
  if (!existsSync(file)) return NO_SETTINGS
  const { settings, problems } = readLiveSettings(readText(file), { model, env: process.env })
  if (problems.length > 0) throw new UsageError(...problems.map(formatProblem))
  return settings
}

function listDrills(vault: string): DrillEntry[] {
  return findDrills(vault).map(({ drill, source, problems }) => ({
    name: drill?.input.drill ?? source.file,
    title: drill?.input.title ?? '',
    proves: drill?.input.proves ?? [],
    problems: problems.map(formatProblem),
  }))
}

/** Path, size and time of every file: cheaper than reading them. */
function stampsOf(folder: string, depth = 0): readonly (readonly [string, number, number])[] {
  if (depth > DEPTH_MAX) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !PASSED_OVER.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return stampsOf(path, depth + 1)
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat?.isFile() ? [[path, stat.size, stat.mtimeMs] as const] : []
    })
}
