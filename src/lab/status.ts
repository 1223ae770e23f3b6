import { type AppliedFault, isInForce } from './fault/fault.ts'
import { fewAtOnce } from './few-at-once.ts'
import type { InstancePlan, Page } from './format/plan.ts'
import { type LabFile, type LabOptions, type OpenLab, openLab } from './open-lab.ts'
import { findAlive, type Identity, isAlive } from './process/identity.ts'
import { inheritedEnvironment } from './process/launch.ts'
import { findMarked, listTree } from './process/process-table.ts'
import { checkReady } from './ready/check-ready.ts'
import { readFigures } from './ready/read-figures.ts'
import type { InstanceRecord } from './state/lab-folder.ts'
import { ask } from './supervise/control-channel.ts'
import type { InstanceState } from './supervise/instance-state.ts'
import type { SupervisorStatus } from './supervise/requests.ts'

const LOOK_WITHIN_MS = 1_000
/** On a machine that is busy all parts at once would keep each other from answering in their time. */
const LOOKS_AT_ONCE = 6

/** `dead`: it ended, and no supervisor is there to start it again. */
export type PartState = InstanceState['kind'] | 'frozen' | 'dead'

export interface PartStatus {
  /** The instance: `stock`, or `stock.2`. */
  readonly name: string
  readonly part: string
  readonly state: PartState
  /** Why it is not ready. */
  readonly reason: string | undefined
  readonly pid: number | undefined
  /** Of the machine that it runs on; undefined: 127.0.0.1. */
  readonly address: string | undefined
  readonly ports: readonly number[]
  readonly restarts: number
  readonly startedAt: string | undefined
  readonly faults: readonly string[]
  /** What it says of itself, by name; undefined: it did not say. */
  readonly figures: Readonly<Record<string, string | undefined>>
  readonly pages: readonly Page[]
  readonly log: string
  /** The folder where it keeps what outlives it. */
  readonly data: string
}

export interface LinkStatus {
  readonly name: string
  readonly port: number
  readonly state: 'open' | 'closed'
  readonly faults: readonly string[]
  /** How often its faults have met traffic since the supervisor started: a connection stopped, bytes held back. */
  readonly harmed: number
}

export interface LabStatus {
  readonly lab: string
  readonly file: string
  readonly profile: string
  readonly portBase: number
  /** `dead`: parts run on, but nobody restarts them and links are closed. `silent`: it lives and does not answer. */
  readonly supervisor: 'running' | 'silent' | 'dead' | 'none'
  readonly parts: readonly PartStatus[]
  readonly links: readonly LinkStatus[]
  /** Processes of the lab that belong to no part on record. */
  readonly strays: readonly number[]
}

export interface StatusOptions extends LabOptions {
  /** One instance or link, which costs a fraction of a look at all; strays are not looked for then. */
  readonly only?: string
}

/** What is really there: records are compared with the kernel, and parts are asked whether they are ready. */
export async function readStatus(file: LabFile, options: StatusOptions = {}): Promise<LabStatus> {
  const lab = openLab(file, options)
  const { plan, folder } = lab
  const isWanted = ({ name }: { name: string }) => options.only === undefined || options.only === name
  const records = new Map(folder.readInstances().map((record) => [record.name, record]))
  const faults = folder.readFaults()
  const known = folder.readSupervisor()
  const answer = known && (await ask<SupervisorStatus>(folder.socket, { do: 'status' }, { withinMs: LOOK_WITHIN_MS }))
  const supervisor = !known ? 'none' : answer ? 'running' : isAlive(known) ? 'silent' : 'dead'
  const parts = await fewAtOnce(plan.instances.filter(isWanted), LOOKS_AT_ONCE, async (instance) => ({
    ...(await describePart(lab, instance, records.get(instance.name), answer)),
    faults: namesOf(faults, instance.name),
  }))
  return {
    lab: plan.lab,
    file: file.path,
    profile: plan.profile,
    portBase: plan.portBase,
    supervisor,
    parts,
    links: plan.links.filter(isWanted).map(({ name, port }) => {
      const names = namesOf(faults, name)
      const isOpen = supervisor === 'running' && answer?.instances.length !== 0 && !names.includes('refuse')
      const harmed = answer?.links.find((link) => link.name === name)?.harmed ?? 0
      return { name, port, state: isOpen ? 'open' : 'closed', faults: names, harmed }
    }),
    strays: options.only === undefined ? findStrays(lab, { records: [...records.values()], supervisor: known }) : [],
  }
}

async function describePart(
  lab: OpenLab,
  plan: InstancePlan,
  record: InstanceRecord | undefined,
  answer: SupervisorStatus | undefined,
): Promise<Omit<PartStatus, 'faults'>> {
  const seen = answer?.instances.find(({ name }) => name === plan.name)
  const { state, reason } = await findState(lab, plan, { record, seen: seen?.state })
  const isRunning = record !== undefined && isAlive(record.process)
  return {
    name: plan.name,
    part: plan.part,
    state,
    reason,
    pid: isRunning ? record.process.pid : undefined,
    address: plan.machine?.address,
    ports: plan.ports,
    restarts: seen?.restarts ?? record?.restarts ?? 0,
    startedAt: isRunning ? record.startedAt : undefined,
    figures: isRunning && state !== 'frozen' ? await readFigures(plan.figures, LOOK_WITHIN_MS) : {},
    pages: plan.pages,
    log: lab.folder.logOf(plan.name),
    data: plan.dataFolder,
  }
}

/** The kernel is asked first, then the supervisor, then the part itself. */
async function findState(
  lab: OpenLab,
  plan: InstancePlan,
  { record, seen }: { record: InstanceRecord | undefined; seen: InstanceState | undefined },
): Promise<{ state: PartState; reason: string | undefined }> {
  const process = record && findAlive(record.process)
  const reason = seen && 'reason' in seen ? seen.reason : undefined
  if (!process) {
    if (seen) return { state: seen.kind === 'ready' ? 'restarting' : seen.kind, reason }
    return record ? { state: 'dead', reason: 'ended, and no supervisor was there' } : { state: 'stopped', reason }
  }
  if (process.state === 'T') return { state: 'frozen', reason: undefined }
  if (seen && seen.kind !== 'ready' && seen.kind !== 'unready') return { state: seen.kind, reason }
  const unready = await look(lab, plan, record)
  return unready === undefined ? { state: 'ready', reason: undefined } : { state: 'unready', reason: unready }
}

async function look({ folder }: OpenLab, plan: InstancePlan, record: InstanceRecord): Promise<string | undefined> {
  if (!plan.ready) return undefined
  if (plan.ready.kind === 'log' || plan.ready.kind === 'command' || plan.ready.kind === 'end')
    return record.readyAt === undefined ? 'not ready yet' : undefined
  return checkReady(plan.ready, {
    log: folder.logOf(plan.name),
    logFrom: record.logFrom,
    folder: plan.folder,
    environment: inheritedEnvironment(),
    withinMs: LOOK_WITHIN_MS,
  })
}

interface Known {
  readonly records: readonly InstanceRecord[]
  readonly supervisor: Identity | undefined
}

/** Marked processes below none of these that no living instance put in the background either. */
function findStrays({ folder }: OpenLab, { records, supervisor }: Known): number[] {
  const mark = folder.readLab()?.mark
  if (mark === undefined) return []
  const living = records.filter(({ process }) => isAlive(process))
  const roots = [...living.map(({ process }) => process), ...(supervisor && isAlive(supervisor) ? [supervisor] : [])]
  const known = new Set(roots.flatMap(({ pid }) => listTree(pid)))
  return findMarked(mark)
    .filter(({ identity, name }) => !known.has(identity.pid) && !living.some((record) => record.name === name))
    .map(({ identity }) => identity.pid)
}

function namesOf(faults: readonly AppliedFault[], target: string): string[] {
  return faults.filter((fault) => fault.target === target && isInForce(fault)).map(({ fault }) => fault)
}
