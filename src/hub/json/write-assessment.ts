import type { Assessment, BasicEvent, ComponentView, FlowView, MetricRow, View } from '../../assess/index.ts'
import { digestOf, type Problem } from '../../source/index.ts'

/** The JSON contract of `linchpin assess --format json`; docs/reference/assessment-json.md. Written, never read. */
export function writeAssessmentJson(assessment: Assessment, asOf: Date, problems: readonly Problem[] = []): object {
  const { model, was, claimed, proved, target, metrics } = assessment
  const view = (state: View) => writeView(state, metrics)
  return {
    system: model.id,
    modelDigest: digestOf(model.document),
    asOf: asOf.toISOString(),
    problems: problems.map(({ where, message }) => ({ ...where, message })),
    assumptions: assessment.assumptions,
    was: view(was),
    claimed: view(claimed),
    proved: view(proved),
    target: view(target),
  }
}

function writeView(view: View, metrics: readonly MetricRow[]): object {
  return {
    flows: view.flows.map(writeFlow),
    components: view.components.map(writeComponent),
    claims: view.claims.map(({ claim, verdict }) => ({ id: claim.id, verdict })),
    metrics: metrics.map(writeMetric),
    findings: view.findings.map(({ code, severity, at, message }) => ({ code, severity, where: at, message })),
  }
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
