import { chooseTargets, explainTarget, findTargets, type Wanted } from './fault/choose-targets.ts'
import type { AppliedFault } from './fault/fault.ts'
import type { Mended } from './fault/fault-board.ts'
import { LabError } from './lab-error.ts'
import { type LabFile, type OpenLab, openLab } from './open-lab.ts'
import { ask } from './supervise/control-channel.ts'
import type { Request } from './supervise/requests.ts'

/** Longer than a fault's own call may take. */
const ANSWER_WITHIN_MS = 60_000

/** Breaks a part, an instance or a link. Throws a `LabError` when the wish is wrong or the fault does not take. */
export async function breakPart(file: LabFile, wanted: Wanted): Promise<readonly AppliedFault[]> {
  const lab = openLab(file, {})
  const chosen = chooseTargets(lab.plan, wanted)
  if ('mistake' in chosen) throw new LabError('wrong-use', chosen.mistake)
  const { applied } = await askSupervisor<{ applied: AppliedFault[] }>(lab, { do: 'break', ...wanted })
  return applied
}

/** Mends the faults of a part, an instance or a link, or all faults; one fault or all. */
export async function mendPart(file: LabFile, wanted: { target?: string; fault?: string }): Promise<Mended> {
  const lab = openLab(file, {})
  if (wanted.target !== undefined && findTargets(lab.plan, wanted.target).length === 0)
    throw new LabError('wrong-use', explainTarget(lab.plan, wanted.target))
  return askSupervisor<Mended>(lab, { do: 'mend', ...wanted })
}

async function askSupervisor<T>({ folder, running, plan }: OpenLab, request: Request): Promise<T> {
  if (!running) throw new LabError('wrong-use', `The lab ${plan.lab} is not up. Run linchpin lab up.`)
  const answer = await ask<T>(folder.socket, request, { withinMs: ANSWER_WITHIN_MS }).catch((error: unknown) => {
    throw new LabError('failed', error instanceof Error ? error.message : String(error))
  })
  if (answer !== undefined) return answer
  throw new LabError(
    'failed',
    'The supervisor of the lab does not answer. Run linchpin lab up: it takes over what runs.',
  )
}
