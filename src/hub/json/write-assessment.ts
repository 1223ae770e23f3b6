import type { Assessment, BasicEvent, ClaimView, ComponentView, FlowView, MetricRow, View } from '../../assess/index.ts'
import { climb, type Judgements, type Proof } from '../../evidence/index.ts'
import { digestOf, type Problem } from '../../source/index.ts'

/** The JSON contract of `linchpin assess --format json`; docs/reference/assessment-json.md. Written, never read. */
export function writeAssessmentJson(assessment: Assessment, proof: Proof, problems: readonly Problem[] = []): object {
  const { model, was, claimed, proved, target, metrics } = assessment
  const view = (state: View) => writeView(state, metrics, proof.judgements)
  return {
    system: model.id,
    modelDigest: digestOf(model.document),
    asOf: proof.asOf,
    problems: problems.map(({ where, message }) => ({ ...where, message })),
    assumptions: assessment.assumptions,
    evidence: writeEvidence(proof),
    was: view(was),
    claimed: view(claimed),
    proved: view(proved),
    target: view(target),
  }
}

function writeEvidence({ recordCount, damagedCount, findings, due, notDrillable }: Proof): object {
  return {
    records: recordCount,
    damaged: damagedCount,
    findings: findings.map(({ flow, component, ...rest }) => nulls({ ...rest, flow, component })),
    due: due.map(({ claims, ...rest }) => ({ ...rest, claims: claims.map(({ claim }) => claim) })),
    notDrillable,
  }
}

function writeView(view: View, metrics: readonly MetricRow[], judgements: Judgements): object {
  return {
    flows: view.flows.map(writeFlow),
    components: view.components.map(writeComponent),
    claims: view.claims.map(({ claim, verdict }) => writeClaim(claim.id, verdict, judgements)),
    metrics: metrics.map(writeMetric),
    findings: view.findings.map(({ code, severity, at, message }) => ({ code, severity, where: at, message })),
  }
}

function writeClaim(id: string, verdict: ClaimView['verdict'], judgements: Judgements): object {
  const { environment, at, expiresAt, trials, trialsNeeded, spread, lossAtMost, reason } = judgements.get(id) ?? {}
  const figures = { environment, at, expiresAt, trials, trialsNeeded, spread, lossAtMost, reason }
  return { id, verdict, ...climb({ claim: id, verdict }), ...nulls(figures) }
}

function writeFlow(view: FlowView): object {
  const { flow } = view
  return {
    id: flow.id,
    title: flow.title,
    share: flow.share,
    entry: flow.entry,
    unavailability: view.unavailability.upper,
    unavailabilityLower: view.unavailability.lower,
    minutesDownPerYear: view.minutesDownPerYear,
    minutesDownCertainPerYear: view.minutesDownCertainPerYear,
    minutesDegradedPerYear: view.minutesDegradedPerYear,
    errorBudgetMinutes: view.errorBudgetMinutes ?? null,
    spofs: view.spofs.map((spof) => ({ ...spof })),
    cutSets: view.cutSets.list().map((set) => ({ ...set, events: set.events.map(writeEvent) })),
    truncated: view.cutSets.isTruncated,
  }
}

function writeEvent({ component, mode, instance, cause }: BasicEvent): object {
  return { component: component.id, mode, instance, cause }
}

function writeComponent(view: ComponentView): object {
  const { component, importance } = view
  return {
    id: component.id,
    title: component.title,
    kind: component.kind,
    group: view.group,
    tier: component.tier ?? null,
    blastRadius: view.blastRadius,
    hangRadius: view.hangRadius,
    spofKinds: view.spofKinds,
    assumedKinds: view.assumedKinds,
    assumed: view.assumed,
    spofOf: view.spofOf,
    risk: view.risk ?? null,
    riskDegraded: view.riskDegraded ?? null,
    minutesDownPerYear: view.minutesDownPerYear,
    recovery: nulls(view.recovery),
    loss: nulls({ objectiveMs: view.loss.objectiveMs, boundMs: view.loss.boundMs, measured: view.loss.measuredMs }),
    // JSON has no infinity: null says that nothing else causes failures.
    importance: importance && { ...importance, rrw: Number.isFinite(importance.rrw) ? importance.rrw : null },
  }
}

function writeMetric({ target, was, claimed, proved, planned }: MetricRow): object {
  return nulls({
    id: target.id,
    said: target.was,
    was,
    claimed,
    proved,
    target: target.target,
    planned,
    due: target.due,
  })
}

/** Unknown is written as null: it is an answer, not an absence. */
function nulls(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, item ?? null]))
}
