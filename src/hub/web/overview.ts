import { type Assessment, type ComponentView, suggestNextSteps, type View } from '../../assess/index.ts'
import type { Proof } from '../../evidence/index.ts'
import type { ComponentRow, FlowRow, HubOverview, Standing } from '../contract/overview.ts'
import { sayProved, sayProveStep } from '../terminal/proof-of-row.ts'
import { listClaims } from './component.ts'
import { listExpiries } from './expiry.ts'
import { pageNameOf } from './page-name.ts'

const EXPIRIES_SHOWN = 3

export function describeOverview(assessment: Assessment, proof: Proof): HubOverview {
  const { model, claimed, proved } = assessment
  const verdicts = [...proof.judgements.values()].map(({ verdict }) => verdict)
  const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length
  return {
    title: model.title,
    asOf: proof.asOf,
    components: describeComponents(assessment, proof),
    flows: claimed.flows.map((view, i) => describeFlow(view, proved.flows[i] ?? view)),
    metrics: assessment.metrics.map(({ target, claimed, proved }) => ({
      id: target.id,
      title: target.title,
      unit: target.metric.kind === 'rto' || target.metric.kind === 'rpo' ? 'time' : 'share',
      said: target.was,
      claimed,
      proved,
      target: target.target,
      due: target.due,
    })),
    evidence: {
      records: proof.recordCount,
      supported: count('supported'),
      refuted: count('refuted'),
      claims: verdicts.length,
    },
    due: proof.due.map(({ drill, dueAt, minutesAtStake }) => ({ drill, dueAt, minutesAtStake })),
    expiries: listExpiries(listClaims(proof, () => true)).slice(0, EXPIRIES_SHOWN),
    findings: claimed.findings.map(({ code, severity, at, message }) => ({ code, severity, at, message })),
  }
}

/** Those that weigh most first: as proved, then as claimed. */
function describeComponents(assessment: Assessment, proof: Proof): ComponentRow[] {
  const { model, claimed, proved } = assessment
  const steps = suggestNextSteps(assessment, 'claimed')
  const provedById = new Map(proved.components.map((view) => [view.component.id, view]))
  const rows = claimed.components.map((view) => {
    const { id, title, kind, tier, runbook } = view.component
    const step = steps.get(id)
    const isStep = step !== undefined && step.kind !== 'none'
    return {
      id,
      title,
      group: view.group,
      kind,
      tier,
      claimed: standingOf(view),
      proved: standingOf(provedById.get(id) ?? view),
      shown: sayProved(model, proof, id),
      next: isStep ? (step.kind === 'prove' ? sayProveStep(model, proof, step) : step.text) : undefined,
      runbook: pageNameOf(runbook),
    }
  })
  return rows.sort((a, b) => weigh(b) - weigh(a) || (a.title < b.title ? -1 : 1))
}

function standingOf(view: ComponentView): Standing {
  const { blastRadius, hangRadius, risk, spofKinds, assumed, spofOf } = view
  return {
    down: blastRadius.down,
    degraded: blastRadius.degraded,
    hangDown: hangRadius.down,
    risk,
    kinds: spofKinds,
    isAssumed: assumed,
    spofOf,
  }
}

function weigh({ proved, claimed }: ComponentRow): number {
  const certain = proved.spofOf.length > 0 && !proved.isAssumed ? 4 : 0
  return (
    certain +
    (proved.spofOf.length > 0 ? 2 : 0) +
    Math.max(proved.down, claimed.down) +
    Math.min(0.9, (proved.risk ?? 0) / 100)
  )
}

function describeFlow(claimed: View['flows'][number], proved: View['flows'][number]): FlowRow {
  const { id, title, share } = claimed.flow
  const standing = (view: View['flows'][number]) => ({
    minutesDown: view.minutesDownPerYear,
    spofs: view.spofs.map(({ component, assumed }) => ({ component, isAssumed: assumed })),
  })
  return {
    id,
    title,
    share,
    budgetMinutes: claimed.errorBudgetMinutes,
    claimed: standing(claimed),
    proved: standing(proved),
  }
}
