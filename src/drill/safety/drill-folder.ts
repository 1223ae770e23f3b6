import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Identity, isAlive, type LabFile, readJson, writeAtomically } from '../../lab/index.ts'
import { digestOf } from '../../source/index.ts'
import type { FaultJob } from '../fault/fault.ts'

/** A run that is going on, for whoever has to clean up after it. Holds no value of the environment. */
export interface RunRecord {
  readonly format: 1
  readonly run: string
  readonly drill: string
  readonly runner: Identity
  /** With its text: what has to be undone must not depend on a file that somebody edits meanwhile. */
  readonly labFile: LabFile
  readonly startedAt: string
}

/**
 * `.linchpin/drills/<name>` beside a `lab.yaml`: the journal of faults that have to be undone, the run that is going
 * on, and what past runs left. An entry is on disk, folder included, before its fault is applied.
 */
export class DrillFolder {
  readonly path: string

  constructor(labFile: LabFile) {
    this.path = join(dirname(labFile.path), '.linchpin', 'drills', digestOf(labFile.path).slice(0, 12))
  }

  open(): void {
    for (const folder of [this.path, this.#journal, this.runs]) mkdirSync(folder, { recursive: true, mode: 0o711 })
  }

  get runs(): string {
    return join(this.path, 'runs')
  }

  writeEntry(job: FaultJob): void {
    writeAtomically(this.#entry(job.id), `${JSON.stringify(job)}\n`)
  }

  /** What has to be undone, in the order in which it was written. */
  readEntries(): FaultJob[] {
    if (!existsSync(this.#journal)) return []
    return readdirSync(this.#journal)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => readJson(join(this.#journal, name)) as FaultJob | undefined)
      .filter((job) => job !== undefined)
  }

  hasEntry(id: string): boolean {
    return existsSync(this.#entry(id))
  }

  removeEntry(id: string): void {
    rmSync(this.#entry(id), { force: true })
    rmSync(join(this.#journal, `${id}.helper`), { force: true })
  }

  writeRun(record: RunRecord): void {
    writeAtomically(this.#file('run.json'), `${JSON.stringify(record)}\n`)
  }

  readRun(): RunRecord | undefined {
    const record = readJson(this.#file('run.json')) as RunRecord | undefined
    return record?.format === 1 ? record : undefined
  }

  forgetRun(): void {
    for (const name of ['run.json', 'watchdog.json']) rmSync(this.#file(name), { force: true })
  }

  writeWatchdog(identity: Identity): void {
    writeAtomically(this.#file('watchdog.json'), `${JSON.stringify(identity)}\n`)
  }

  /** The watchdog that lives, if one does. */
  findWatchdog(): Identity | undefined {
    const identity = readJson(this.#file('watchdog.json')) as Identity | undefined
    return identity && isAlive(identity) ? identity : undefined
  }

  get watchdogLog(): string {
    return this.#file('watchdog.log')
  }

  get #journal(): string {
    return join(this.path, 'journal')
  }

  #entry(id: string): string {
    return join(this.#journal, `${id}.json`)
  }

  #file(name: string): string {
    return join(this.path, name)
  }
}
