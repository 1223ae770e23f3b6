import type { DrillPlan } from '../format/plan.ts'

/** What commands of a drill are told: what the lab's own check is, where its data lies, and the folder of the trial. */
export function environmentOf(plan: DrillPlan, folder: string): Record<string, string> {
  return {
    ...plan.lab.verify?.environment,
    LINCHPIN_ACKNOWLEDGED: folder,
    LINCHPIN_LAB_DATA: plan.lab.names.data ?? '',
  }
}
