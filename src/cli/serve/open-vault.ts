import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { assess } from '../../assess/index.ts'
import { readRecords } from '../../evidence/index.ts'
import { type DrillEntry, type RunbookEntry, readDocs, type Snapshot } from '../../hub/index.ts'
import { digestOf, formatProblem } from '../../source/index.ts'
import { findDrills } from '../find-drills.ts'
import { findPages, nameOf } from '../find-runbooks.ts'
import { findVault, readProof } from '../read-proof.ts'
import { readSystem } from '../read-system.ts'
import { readVault } from '../read-vault.ts'

const LOOK_EVERY_MS = 1_000
/** Verdicts expire: what was read is judged anew after so long, changed or not. */
const JUDGE_EVERY_MS = 60_000
const DEPTH_MAX = 8
/** The lab's own files, and what drills leave while they run. */
const PASSED_OVER = new Set(['.linchpin', 'node_modules', '.git'])

export interface OpenVault {
  /** The vault as it is now. Throws a `UsageError` with every problem of its files. */
  readonly read: () => Snapshot
  /** Tells of changes on disk until it is called off. */
  readonly watch: (onChange: (digest: string) => void) => () => void
}

export function openVault(path: string): OpenVault {
  const vault = findVault(path)
  let known: { digest: string; at: number; snapshot: Snapshot } | undefined
  const read = () => {
    const digest = digestOf(stampsOf(vault))
    if (known?.digest === digest && Date.now() - known.at < JUDGE_EVERY_MS) return known.snapshot
    const snapshot = readSnapshot(path, vault)
    known = { digest, at: Date.now(), snapshot }
    return snapshot
  }
  return {
    read,
    watch(onChange) {
      const timer = setInterval(() => onChange(digestOf(stampsOf(vault))), LOOK_EVERY_MS)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}

function readSnapshot(path: string, vault: string): Snapshot {
  const { model } = readSystem([path])
  const proof = readProof(model, [path], new Date())
  return {
    assessment: assess(model, proof.support),
    proof,
    evidence: readRecords(join(vault, 'evidence')),
    drills: listDrills(vault),
    runbooks: listRunbooks(vault),
    docs: readDocs(readVault(vault).vault),
  }
}

function listDrills(vault: string): DrillEntry[] {
  return findDrills(vault).map(({ drill, source, problems }) => ({
    name: drill?.input.drill ?? source.file,
    title: drill?.input.title ?? '',
    proves: drill?.input.proves ?? [],
    problems: problems.map(formatProblem),
    hypothesis: undefined,
  }))
}

function listRunbooks(vault: string): RunbookEntry[] {
  return findPages(vault).map(({ source, runbook, problems }) => ({
    name: nameOf(source.file),
    title: runbook?.title ?? '',
    path: relative(vault, source.file),
    components: runbook?.components ?? [],
    severity: runbook?.severity,
    targetMs: runbook?.targetMs,
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
