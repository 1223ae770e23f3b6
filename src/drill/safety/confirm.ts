import type { LabPlan } from '../../lab/index.ts'
import { DrillError } from '../drill-error.ts'

/** Throws a `DrillError` when a run would break what others run, and nobody gave the name of that environment. */
export function requireConfirmed({ lab, outside }: LabPlan, confirmed: string | undefined): void {
  if (outside === confirmed) return
  if (outside === undefined)
    throw new DrillError('wrong-use', `The lab ${lab} is not in ${confirmed}. Leave --confirm out.`)
  throw new DrillError(
    'wrong-use',
    `This drill breaks what others run in ${outside} (${lab}), not a lab of yours.`,
    `Run it from a terminal with --confirm ${outside} if they know. Nothing was broken.`,
  )
}
