import type { SystemModel } from '../../model/index.ts'
import type { ComponentView, Finding, View } from '../view.ts'
import { describeChanges } from './describe-changes.ts'

export interface Compared {
  readonly model: SystemModel
  readonly view: View
}

/** What got worse between two states of a platform, each with the change of the model that did it. */
export function compareViews(base: Compared, head: Compared): Finding[] {
  const before = new Map(base.view.components.map((item) => [item.component.id, item]))
  const changes = describeChanges(base.model, head.model)
  return head.view.components.flatMap((now) => {
    const was = before.get(now.component.id)
    return [...compareSpofs(was, now), ...compareRadii(was, now)].map((finding) => ({
      ...finding,
      message: `${finding.message} ${changes.explain(now.component.id)}`,
    }))
  })
}

function compareSpofs(was: ComponentView | undefined, now: ComponentView): Finding[] {
  const added = now.spofOf.filter((flow) => !was?.spofOf.includes(flow))
  const kinds = now.spofKinds.filter((kind) => !was?.spofKinds.includes(kind))
  if (added.length === 0 && kinds.length === 0) return []
  const { id, title } = now.component
  const what =
    added.length > 0
      ? `New single point of failure: ${title} alone takes down ${added.join(', ')} (${now.spofKinds.join(', ')}).`
      : `${title} is a single point of failure in a new way: ${kinds.join(', ')}.`
  return [{ code: 'LP010', severity: 'error', at: id, message: what }]
}

function compareRadii(was: ComponentView | undefined, now: ComponentView): Finding[] {
  const { id, title } = now.component
  const findings: Finding[] = []
  const grow = (code: string, what: string, before: number, after: number) => {
    if (after <= before + 1e-9 || !was) return
    const message = `${what} of ${title} grew from ${percent(before)} to ${percent(after)} of business volume.`
    findings.push({ code, severity: 'error', at: id, message })
  }
  grow('LP011', 'The blast radius', was?.blastRadius.down ?? 0, now.blastRadius.down)
  grow('LP012', 'The hang radius', was?.hangRadius.down ?? 0, now.hangRadius.down)
  return findings
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}
