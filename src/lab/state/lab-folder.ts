import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AppliedFault } from '../fault/fault.ts'
import type { MachinePlan } from '../format/plan.ts'
import type { Identity } from '../process/identity.ts'
import { readJson, writeAtomically } from './write-atomically.ts'

/** What is known of a lab on disk, apart from its parts. Holds no value of the environment. */
export interface LabRecord {
  readonly format: 1
  /** A random number that every process of this lab carries in its environment. */
  readonly mark: string
  readonly file: string
  readonly profile: string
  readonly portBase: number
}

/** A process of a lab, written before anybody waits for it. Holds no value of the environment. */
export interface InstanceRecord {
  readonly name: string
  readonly part: string
  readonly process: Identity
  readonly ports: readonly number[]
  readonly dependsOn: readonly string[]
  readonly stop: { readonly signal: NodeJS.Signals; readonly withinMs: number }
  /** Of what it was started from, without the values of its environment. */
  readonly digest: string
  readonly startedAt: string
  readonly readyAt: string | undefined
  readonly restarts: number
  /** Where in its log this start begins, in bytes. */
  readonly logFrom: number
}

/** The folder `.linchpin/labs/<name>` of a lab: records, logs and data. Every write is atomic. */
export class LabFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  get logs(): string {
    return join(this.path, 'logs')
  }

  get data(): string {
    return join(this.path, 'data')
  }

  get socket(): string {
    return join(this.#control, 'sock')
  }

  logOf(name: string): string {
    return join(this.logs, `${name}.log`)
  }

  /** Makes the folder when it is missing, and gives the lab its mark. */
  open(about: Omit<LabRecord, 'format' | 'mark'>): LabRecord {
    // A part that runs as another user finds its data folder through these two, and sees nothing else.
    for (const folder of [this.path, this.data]) mkdirSync(folder, { recursive: true, mode: 0o711 })
    for (const folder of [this.logs, this.#parts, this.#control]) mkdirSync(folder, { recursive: true, mode: 0o700 })
    const record = { format: 1 as const, mark: this.readLab()?.mark ?? randomBytes(16).toString('hex'), ...about }
    writeAtomically(this.#file('lab.json'), `${JSON.stringify(record)}\n`)
    return record
  }

  readLab(): LabRecord | undefined {
    const record = readJson(this.#file('lab.json')) as LabRecord | undefined
    return record?.format === 1 ? record : undefined
  }

  writeInstance(record: InstanceRecord): void {
    writeAtomically(join(this.#parts, `${record.name}.json`), `${JSON.stringify(record)}\n`)
  }

  readInstances(): InstanceRecord[] {
    if (!existsSync(this.#parts)) return []
    return readdirSync(this.#parts)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readJson(join(this.#parts, name)) as InstanceRecord | undefined)
      .filter((record) => record !== undefined)
  }

  removeInstance(name: string): void {
    rmSync(join(this.#parts, `${name}.json`), { force: true })
  }

  writeSupervisor(identity: Identity): void {
    writeAtomically(this.#file('supervisor.json'), `${JSON.stringify(identity)}\n`)
  }

  readSupervisor(): Identity | undefined {
    return readJson(this.#file('supervisor.json')) as Identity | undefined
  }

  writeFaults(faults: readonly AppliedFault[]): void {
    writeAtomically(this.#file('faults.json'), `${JSON.stringify(faults)}\n`)
  }

  readFaults(): AppliedFault[] {
    return (readJson(this.#file('faults.json')) as AppliedFault[] | undefined) ?? []
  }

  writeMachines(machines: readonly MachinePlan[]): void {
    writeAtomically(this.#file('machines.json'), `${JSON.stringify(machines)}\n`)
  }

  readMachines(): MachinePlan[] {
    return (readJson(this.#file('machines.json')) as MachinePlan[] | undefined) ?? []
  }

  /** Forgets that the lab ran. Logs and data stay, and what is broken that others run. */
  forgetRun(): void {
    const lasting = this.readFaults().filter(({ lasts }) => lasts)
    if (lasting.length > 0) this.writeFaults(lasting)
    else rmSync(this.#file('faults.json'), { force: true })
    for (const file of [this.#file('supervisor.json'), this.socket]) rmSync(file, { force: true })
  }

  get #control(): string {
    return join(this.path, 'control')
  }

  get #parts(): string {
    return join(this.path, 'parts')
  }

  #file(name: string): string {
    return join(this.path, name)
  }
}

/** Where the labs of a folder are kept. */
export function labsFolderOf(folder: string): string {
  return join(folder, '.linchpin', 'labs')
}

/** The labs that were ever started from a `lab.yaml`, whatever it calls itself now. */
export function findLabFolders(folder: string, file: string): LabFolder[] {
  const labs = labsFolderOf(folder)
  if (!existsSync(labs)) return []
  return readdirSync(labs)
    .map((name) => new LabFolder(join(labs, name)))
    .filter((lab) => lab.readLab()?.file === file)
}
