export {
  type AloneOptions,
  createBreaker,
  createBulkhead,
  createDeadline,
  createFallback,
  createRetry,
} from './alone.ts'
export type { BreakerDescription, BreakerState, BreakerTransition } from './breaker/breaker.ts'
export { Breaker } from './breaker/breaker.ts'
export { BreakerOpenError } from './breaker/breaker-open-error.ts'
export type { BreakerMode, BreakerSettings } from './breaker/breaker-settings.ts'
export type { LoneBreaker } from './breaker/lone-breaker.ts'
export type { Ticket } from './breaker/ticket.ts'
export { BulkheadFullError } from './bulkhead/bulkhead-full-error.ts'
export type { Call, RunOptions } from './call/call.ts'
export { CallerAbortedError } from './deadline/caller-aborted-error.ts'
export { DeadlineError, type DeadlineScope } from './deadline/deadline-error.ts'
export type { GuardEvent, GuardListener } from './events.ts'
export { BrokenConnectionError } from './fallback/broken-connection-error.ts'
export { FailedResultError } from './fallback/failed-result-error.ts'
export type { Fallback, FallbackCall } from './fallback/fallback.ts'
export { UnknownOutcomeError } from './fallback/unknown-outcome-error.ts'
export type { Guard } from './guard.ts'
export type { GuardCounters, GuardDescription, LatencyDescription, PolicyName } from './guard-description.ts'
export { GuardError } from './guard-error.ts'
export { type MeterLike, reportToMeter } from './metrics/opentelemetry.ts'
export { metricsContentType, renderMetrics } from './metrics/prometheus.ts'
export type { Judge, Outcome } from './outcome.ts'
export type { ConfigFunctions, GuardsConfig } from './registry/config.ts'
export { guard, Registry, type RegistryDescription, type RegistryOptions, registry } from './registry/registry.ts'
export type { Duration } from './settings/duration.ts'
export { type ConfigProblem, GuardConfigError } from './settings/guard-config-error.ts'
export type { BulkheadSettings, CacheSettings, GuardSettings, RetrySettings } from './settings/guard-settings.ts'
export { type Clock, systemClock, type TimerHandle } from './time/clock.ts'
