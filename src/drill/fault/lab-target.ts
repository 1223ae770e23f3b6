import {
  bringUp,
  chooseTargets,
  LabError,
  type LabPlan,
  type LinkStatus,
  mendPart,
  openLab,
  type PartStatus,
  readStatus,
} from '../../lab/index.ts'
import type { Choice, FaultJob, Scene, Wish } from './fault.ts'

/** What a wish hits when the lab itself can carry it out. A run on what is outside of it was confirmed before. */
export function chooseInLab({ fault, target, settings }: Wish, lab: LabPlan): Choice {
  return chooseTargets(lab, { fault, target, settings, outside: lab.outside })
}

export async function readPart({ target }: Pick<FaultJob, 'target'>, scene: Scene): Promise<PartStatus> {
  const part = (await readStatus(scene.labFile, { only: target })).parts.find(({ name }) => name === target)
  if (!part) throw new Error(`${target} is not in the lab any more.`)
  return part
}

export async function readLink({ target }: Pick<FaultJob, 'target'>, scene: Scene): Promise<LinkStatus> {
  const link = (await readStatus(scene.labFile, { only: target })).links.find(({ name }) => name === target)
  if (!link) throw new Error(`The link ${target} is not in the lab any more.`)
  return link
}

/**
 * Mends what the lab was told to break. A lab that is down has nothing broken, what others run may have; a lab whose
 * supervisor died is brought up again first, because only a supervisor can mend.
 */
export async function mendInLab(scene: Scene, { target, fault }: { target: string; fault: string }): Promise<void> {
  if (isAtRest(scene)) return
  const mend = () => mendPart(scene.labFile, { target, fault })
  const { left } = await mend().catch(async () => {
    await revive(scene)
    return mend()
  })
  if (left[0]) throw new Error(left[0].reason)
}

/** What of a fault is still on the lab's record. */
export async function findLabResidue(scene: Scene, { target, fault }: { target: string; fault: string }) {
  if (isAtRest(scene)) return undefined
  const { parts, links } = await readStatus(scene.labFile, { only: target })
  const found = [...parts, ...links].find(({ name }) => name === target)
  if (found?.faults.includes(fault)) return `${target} still has the fault ${fault} on record`
  return found?.state === 'frozen' ? `${target} is still frozen` : undefined
}

/** A lab that is down: whatever was broken in it ended with its processes. */
function isAtRest({ labFile }: Scene): boolean {
  const { running, plan } = openLab(labFile, {})
  return running === undefined && plan.outside === undefined
}

async function revive(scene: Scene): Promise<void> {
  const { supervisor } = await readStatus(scene.labFile, { only: '' })
  if (supervisor === 'running') return
  if (supervisor === 'silent') throw new LabError('failed', 'The supervisor of the lab does not answer.')
  await bringUp(scene.labFile, { env: process.env, supervisor: [...scene.self, 'lab', 'supervise'] })
}
