export {
  type Assessment,
  type AssessOptions,
  type Assumptions,
  assess,
  assessOnly,
  assessWith,
  listProved,
  type ViewName,
} from './assess.ts'
export { type Compared, compareViews } from './compare/compare-views.ts'
export { type Waived, waive } from './compare/waive.ts'
export { type Failing, failTogether } from './fail-together.ts'
export type { MetricRow } from './measure/metrics.ts'
export type { Choice } from './plan/choose-mitigations.ts'
export { type NextStep, suggestNextSteps } from './plan/next-step.ts'
export { type Plan, planMitigations, type Reordered } from './plan/plan-mitigations.ts'
export { type TriedRemedy, tryRemedies } from './plan/try-remedies.ts'
export type { BasicEvent, Cause, Mode } from './semantics/basic-event.ts'
export type { Measured } from './semantics/failover-time.ts'
export type {
  ClaimView,
  ComponentView,
  Coverage,
  CutSet,
  Finding,
  FlowView,
  Importance,
  Loss,
  Radius,
  Recovery,
  Spof,
  SpofKind,
  View,
} from './view.ts'
