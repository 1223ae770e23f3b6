import { applyMitigations, listAlerts, type SystemModel } from '../../model/index.ts'
import { type Problem, suggestion } from '../../source/index.ts'
import type { Runbook } from '../format/runbook.ts'

/**
 * What a page names that the model does not have: components, and alerts that no generated rule about one of its
 * components is called. Planned mitigations count: their rules are generated too.
 */
export function checkNames(runbook: Runbook, base: SystemModel): Problem[] {
  const { model } = applyMitigations(
    base,
    base.mitigations.map(({ id }) => id),
  )
  const ids = model.components.map(({ id }) => id)
  const unknown = runbook.components.filter((id) => !ids.includes(id))
  const rules = listAlerts(model)
  const near = new Set(
    rules.filter(({ about }) => about.some((id) => runbook.components.includes(id))).map(({ alert }) => alert),
  )
  return [
    ...unknown.map((id) => ({
      where: runbook.whereOf('component'),
      message: `"${id}" is not a component of the model.${suggestion(id, ids)} Correct it.`,
    })),
    ...runbook.alerts
      .filter((alert) => !near.has(alert))
      .map((alert) => ({
        where: runbook.whereOf('alerts'),
        message: `No generated rule about ${runbook.components.join(', ') || 'a component of this page'} is called "${alert}".${suggestion(alert, near)} linchpin export alerts lists them.`,
      })),
  ]
}
