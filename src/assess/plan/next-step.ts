import type { Mitigation, SystemModel } from '../../model/index.ts'
import type { Assessment, ViewName } from '../assess.ts'
import type { ComponentView, SpofKind, View } from '../view.ts'

/** The one thing to do next about a component. */
export interface NextStep {
  readonly kind: 'apply' | 'prove' | 'fix' | 'confirm' | 'none'
  /** For people; starts with a verb. */
  readonly text: string
  /** Of `prove`: the mitigation. */
  readonly mitigation?: string
}

/** Guards that are there and do not help: inverted deadlines, and deadlines that do not isolate. */
const GUARD_FLAWS: ReadonlySet<string> = new Set(['LP002', 'LP004'])
const PRIORITIES = ['P0', 'P1', 'P2', 'P3']

/**
 * What to do next for each component of a state, by id: prove what is claimed, else apply the first mitigation outside
 * the state that changes the component or how others depend on it, else the remedy for what makes it a SPOF.
 */
export function suggestNextSteps(assessment: Assessment, as: ViewName): Map<string, NextStep> {
  const { model, proved, target } = assessment
  const state = assessment[as]
  const provedById = new Map(proved.components.map((view) => [view.component.id, view]))
  const targetById = new Map(target.components.map((view) => [view.component.id, view]))
  const planned = model.mitigations.filter(({ id }) => !state.mitigations.includes(id)).sort(byUrgency)
  const unprovedYet = model.mitigations.filter(
    ({ id }) => state.mitigations.includes(id) && !proved.mitigations.includes(id),
  )
  return new Map(
    state.components.map((view) => {
      const { id } = view.component
      const before = as === 'claimed' ? provedById.get(id) : undefined
      const isUnproved = before !== undefined && burden(before) > burden(view)
      const unproved = isUnproved ? findFor(unprovedYet, id) : undefined
      if (unproved) return [id, { kind: 'prove', text: `Prove: ${unproved.title}`, mitigation: unproved.id }]
      if (view.spofOf.length === 0) return [id, { kind: 'none', text: 'Nothing: no flow rests on it alone' }]
      const helps = burden(targetById.get(id) ?? view) < burden(view)
      const next = helps ? findFor(planned, id) : undefined
      if (next) return [id, { kind: 'apply', text: describe(next) }]
      const flaw = state.findings.find(({ code, at }) => GUARD_FLAWS.has(code) && at.endsWith(`>${id}`))
      if (flaw && view.spofKinds.includes('hang'))
        return [id, { kind: 'fix', text: `Mend the guard of ${flaw.at} (${flaw.code})` }]
      return [id, view.assumed ? confirm(model, state, view) : { kind: 'fix', text: remedy(view) }]
    }),
  )
}

function byUrgency(a: Mitigation, b: Mitigation): number {
  return PRIORITIES.indexOf(a.priority ?? 'P3') - PRIORITIES.indexOf(b.priority ?? 'P3')
}

/** The first that changes the component itself, else the first that changes how others depend on it. */
function findFor(mitigations: readonly Mitigation[], component: string): Mitigation | undefined {
  return (
    mitigations.find(({ touches }) => touches.includes(component)) ??
    mitigations.find(({ dependencyTargets }) => dependencyTargets.includes(component))
  )
}

function describe(mitigation: Mitigation): string {
  return `${mitigation.title}${mitigation.sprint ? ` (sprint ${mitigation.sprint})`.replace('sprint Q', 'Q') : ''}`
}

/** How bad it is: share of flows stopped alone in each way, then minutes. Only compared with itself. */
function burden(view: ComponentView): number {
  return view.blastRadius.down + view.hangRadius.down + view.spofKinds.length + view.spofOf.length + (view.risk ?? 0)
}

/** What to state in the model so that the assumption goes away: first the unknown dependency on the way to it. */
function confirm(model: SystemModel, { flows }: View, { component, assumedKinds }: ComponentView): NextStep {
  const spof = flows.flatMap(({ spofs }) => spofs).find((item) => item.component === component.id)
  const caller = spof?.witness.at(-2)
  const unknown = model.components
    .flatMap(({ dependencies }) => dependencies)
    .filter(
      ({ strength, alternatives }) =>
        strength === 'unknown' && alternatives.some(({ target }) => target === component.id),
    )
  const first = unknown.find((dependency) => dependency.caller === caller) ?? unknown[0]
  if (first) return { kind: 'confirm', text: `Confirm: is ${first.id} really hard?` }
  const open = [
    ...(assumedKinds.includes('shared-fate') ? ['its rollout'] : []),
    ...(assumedKinds.includes('hang') ? ['the guards and pools of its callers'] : []),
  ]
  return { kind: 'confirm', text: `Confirm: state ${open.join(' and ')} in the model` }
}

const REMEDIES: Record<SpofKind, string> = {
  single: 'Run a second instance, or give its callers a fallback',
  'shared-fate': 'Split what its instances share: roll out in steps, spread over hosts',
  hang: 'Give its callers a deadline with a breaker or a bulkhead',
  'slow-failover': 'Automate the failover with a quorum',
  'data-loss': 'Replicate synchronously',
  logic: 'Watch it, renew it early, keep a second one',
}
const REMEDY_ORDER: readonly SpofKind[] = ['slow-failover', 'single', 'logic', 'data-loss', 'hang', 'shared-fate']

function remedy({ spofKinds, assumedKinds, component }: ComponentView): string {
  const certain = spofKinds.filter((kind) => !assumedKinds.includes(kind))
  const kind = REMEDY_ORDER.find((candidate) => (certain.length > 0 ? certain : spofKinds).includes(candidate))
  if (kind === 'single' && component.kind === 'external')
    return 'Find a second provider, or give its callers a fallback'
  return kind ? REMEDIES[kind] : 'Nothing'
}
