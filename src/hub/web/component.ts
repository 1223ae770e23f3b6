import type { Assessment, ComponentView } from '../../assess/index.ts'
import type { Judgement, Proof } from '../../evidence/index.ts'
import type { ClaimEntry } from '../contract/claim.ts'
import type { Figures, HubComponent } from '../contract/component.ts'
import { pageNameOf } from './page-name.ts'

/** Undefined when the model has no such component. */
export function describeComponent(assessment: Assessment, proof: Proof, id: string): HubComponent | undefined {
  const { model, claimed } = assessment
  const view = claimed.components.find(({ component }) => component.id === id)
  if (!view) return undefined
  const { component } = view
  const { title, kind, tier, instances, needs, where, runbook, health } = component
  const calls = claimed.components.flatMap(({ component: { dependencies } }) => dependencies)
  return {
    id,
    title,
    kind,
    group: view.group,
    tier,
    instances,
    needs,
    where: `${where.file}:${where.line}`,
    runbook: pageNameOf(runbook),
    health,
    states: {
      was: figuresOf(assessment.was.components, view),
      claimed: figuresOf(claimed.components, view),
      proved: figuresOf(assessment.proved.components, view),
      target: figuresOf(assessment.target.components, view),
    },
    witnesses: claimed.flows.flatMap(({ flow, spofs }) =>
      spofs.filter(({ component }) => component === id).map(({ witness }) => ({ flow: flow.title, path: witness })),
    ),
    callers: calls
      .filter(({ alternatives }) => alternatives.some(({ target }) => target === id))
      .map(({ caller }) => caller),
    dependencies: component.dependencies.flatMap(({ alternatives }) => alternatives.map(({ target }) => target)),
    claims: listClaims(proof, ({ about }) => about.some((part) => part === id || part.split('>').includes(id))),
    mitigations: model.mitigations
      .filter(({ touches, dependencyTargets }) => touches.includes(id) || dependencyTargets.includes(id))
      .map(({ title, state }) => `${title} (${state})`),
  }
}

/** The claims that the drill or component in question is about, refuted ones first, then those without support. */
export function listClaims(proof: Proof, isWanted: (judgement: Judgement) => boolean): ClaimEntry[] {
  const rank = { refuted: 0, unknown: 1, supported: 2 }
  return [...proof.judgements.values()]
    .filter(isWanted)
    .sort((a, b) => rank[a.verdict] - rank[b.verdict])
    .map((judgement) => {
      const { claim, verdict, reason, environment, at, expiresAt, trials, trialsNeeded, records } = judgement
      const drills = proof.due.filter(({ claims }) => claims.some((tried) => tried.claim === claim))
      const names = drills.map(({ drill }) => drill)
      return { id: claim, verdict, reason, environment, at, expiresAt, trials, trialsNeeded, drills: names, records }
    })
}

function figuresOf(views: readonly ComponentView[], fallback: ComponentView): Figures {
  const view = views.find(({ component }) => component.id === fallback.component.id) ?? fallback
  return {
    down: view.blastRadius.down,
    degraded: view.blastRadius.degraded,
    hangDown: view.hangRadius.down,
    kinds: view.spofKinds,
    risk: view.risk,
    minutesDown: view.minutesDownPerYear,
    rtoBoundMs: view.recovery.boundMs,
    rtoMeasuredMs: view.recovery.measuredMs,
    rtoObjectiveMs: view.recovery.objectiveMs,
  }
}
