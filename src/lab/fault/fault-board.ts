import type { InstancePlan, LabPlan } from '../format/plan.ts'
import type { LinkProxy } from '../link/link-proxy.ts'
import { connectAgain, cutOff } from '../machine/machines.ts'
import { inheritedEnvironment } from '../process/launch.ts'
import type { LabFolder } from '../state/lab-folder.ts'
import type { Instance } from '../supervise/instance.ts'
import { performCall } from './call.ts'
import { chooseTargets, explainTarget, findTargets, type Wanted } from './choose-targets.ts'
import { redeploy } from './deployment.ts'
import { type AppliedFault, isInForce } from './fault.ts'
import { linkFaultsOf } from './link-faults.ts'

export interface Breakable {
  readonly plan: LabPlan
  readonly folder: LabFolder
  readonly instances: ReadonlyMap<string, Instance>
  readonly links: ReadonlyMap<string, LinkProxy>
}

/**
 * Applies a fault to each of its targets, or to none: when one does not take, those before it are mended again. Each is
 * on disk before it is applied, so that whatever happens next, it is known what has to be mended.
 */
export async function breakTargets(lab: Breakable, wanted: Wanted): Promise<AppliedFault[]> {
  const chosen = chooseTargets(lab.plan, wanted)
  if ('mistake' in chosen) throw new Error(chosen.mistake)
  requireRunning(lab, chosen.targets, wanted.fault)
  const applied: AppliedFault[] = []
  for (const target of chosen.targets) {
    const fault: AppliedFault = {
      target,
      fault: wanted.fault,
      settings: chosen.settings,
      appliedAt: new Date().toISOString(),
      process: lab.instances.get(target)?.process,
      ...(lab.plan.outside !== undefined && { lasts: true as const }),
    }
    const others = lab.folder.readFaults().filter((other) => !isSame(other, fault))
    lab.folder.writeFaults([...others, fault])
    applied.push(fault)
    try {
      await apply(lab, fault)
    } catch (error) {
      throw new Error(`${target} is not broken: ${reasonOf(error)}. ${await mendAgain(lab, applied)}`)
    }
  }
  return applied
}

/** What does not run can only be kept from running. */
function requireRunning({ instances }: Breakable, targets: readonly string[], fault: string): void {
  const dead = targets.find((target) => instances.has(target) && !instances.get(target)?.process)
  if (dead === undefined || fault === 'kill') return
  throw new Error(`${dead} is not running, so it cannot be broken by ${fault}. See linchpin lab status.`)
}

async function mendAgain(lab: Breakable, faults: readonly AppliedFault[]): Promise<string> {
  const { left } = await mendEach(lab, faults)
  if (left.length === 0) return 'Nothing was changed.'
  return left.map(({ fault, reason }) => `${fault.target} may be half broken: ${reason}.`).join(' ')
}

export interface Mended {
  readonly mended: readonly AppliedFault[]
  /** Faults that could not be mended, and why; they stay on record. */
  readonly left: readonly { readonly fault: AppliedFault; readonly reason: string }[]
}

/** Mends the faults of a target, or all; one fault of it, or all. */
export async function mendTargets(lab: Breakable, wanted: { target?: string; fault?: string }): Promise<Mended> {
  const targets = wanted.target === undefined ? undefined : findTargets(lab.plan, wanted.target)
  if (targets?.length === 0 && wanted.target !== undefined) throw new Error(explainTarget(lab.plan, wanted.target))
  const due = lab.folder
    .readFaults()
    .filter(({ target }) => targets?.includes(target) ?? true)
    .filter(({ fault }) => wanted.fault === undefined || wanted.fault === fault)
  return mendEach(lab, due)
}

async function mendEach(lab: Breakable, faults: readonly AppliedFault[]): Promise<Mended> {
  const left: { fault: AppliedFault; reason: string }[] = []
  const mended: AppliedFault[] = []
  for (const fault of faults) {
    const reason = await mend(lab, fault).then(() => undefined, reasonOf)
    if (reason === undefined) mended.push(fault)
    else left.push({ fault, reason })
  }
  return { mended, left }
}

async function apply(lab: Breakable, fault: AppliedFault): Promise<void> {
  const instance = lab.instances.get(fault.target)
  if (!instance) return setLinkFaults(lab, fault.target, lab.folder.readFaults())
  if (fault.fault === 'kill') return instance.hold()
  // Whether it becomes ready is the question, not a condition.
  if (fault.fault === 'deploy') return instance.replace(planOf(lab, fault.target, lab.folder.readFaults()))
  if (fault.fault === 'freeze') return instance.freeze()
  if (fault.fault === 'cut' && instance.plan.machine)
    return cutOff(instance.plan.machine, lab.plan, fault.settings.from ?? 'everyone')
  await callInstance(lab, instance, fault, 'apply')
}

/** Removes the fault from the record only after it is gone. */
async function mend(lab: Breakable, fault: AppliedFault): Promise<void> {
  const instance = lab.instances.get(fault.target)
  const others = lab.folder.readFaults().filter((other) => !isSame(other, fault))
  if (!instance) await setLinkFaults(lab, fault.target, others)
  else if (fault.fault === 'kill') await startAgain(instance)
  else if (fault.fault === 'deploy') await rollBack(instance, planOf(lab, fault.target, others))
  else if (fault.fault === 'freeze') instance.thaw()
  else if (fault.fault === 'cut' && instance.plan.machine) connectAgain(instance.plan.machine, lab.plan)
  else if (isInForce(fault)) await callInstance(lab, instance, fault, 'mend')
  lab.folder.writeFaults(others)
}

/** Mended means that it works again, not only that it may. */
async function startAgain(instance: Instance): Promise<void> {
  instance.release()
  const reason = await instance.whenSettled()
  if (reason !== undefined) throw new Error(`it was started again and ${reason}`)
}

function planOf({ plan }: Breakable, name: string, faults: readonly AppliedFault[]): InstancePlan {
  const declared = plan.instances.find((instance) => instance.name === name)
  if (!declared) throw new Error(`${name} is no longer in lab.yaml.`)
  return redeploy(declared, faults)
}

async function rollBack(instance: Instance, plan: InstancePlan): Promise<void> {
  await instance.replace(plan)
  const reason = await instance.whenSettled()
  if (reason !== undefined) throw new Error(`it was rolled back and ${reason}`)
}

function callInstance(
  lab: Breakable,
  { plan }: Instance,
  { fault, settings }: AppliedFault,
  key: 'apply' | 'mend',
): Promise<void> {
  const declared = plan.faults.find(({ name }) => name === fault)
  if (!declared) throw new Error(`${plan.name} no longer declares the fault "${fault}" in lab.yaml.`)
  return performCall(declared[key], {
    settings,
    folder: lab.plan.folder,
    environment: { ...inheritedEnvironment(), ...plan.environment },
  })
}

async function setLinkFaults({ links }: Breakable, link: string, applied: readonly AppliedFault[]): Promise<void> {
  await links.get(link)?.setFaults(linkFaultsOf(applied, link))
}

function isSame(a: AppliedFault, b: AppliedFault): boolean {
  return a.target === b.target && a.fault === b.fault
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
