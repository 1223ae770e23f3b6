export { type Claim, stateClaims } from './claim.ts'
export { listAlerts, writePrometheusAlerts } from './export/prometheus-alerts.ts'
export { writeSystemYaml } from './export/system-yaml.ts'
export { applyMitigations, changeComponents, mergeComponents } from './mitigation.ts'
export { checkDocument, type ParsedModel, parseModel } from './parse-model.ts'
export { writeJsonSchema } from './schema.ts'
export type {
  Alternative,
  Component,
  Dependency,
  Failover,
  FailureRate,
  Failures,
  Fallback,
  Flow,
  Guard,
  Kind,
  Metric,
  Mitigation,
  Strength,
  SystemDocument,
  SystemModel,
  Target,
  Tier,
  Waiver,
} from './system-model.ts'
