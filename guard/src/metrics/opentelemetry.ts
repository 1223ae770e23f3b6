import type { GuardDescription } from '../guard-description.ts'
import type { Registry } from '../registry/registry.ts'
import { breakerStateValue } from './prometheus.ts'

/** The part of an OpenTelemetry `Meter` that is used; any version of its API fits. */
export interface MeterLike {
  createHistogram(name: string, options: { description: string; unit: string }): HistogramLike
  createObservableGauge(name: string, options: { description: string }): ObservableLike
  createObservableCounter(name: string, options: { description: string }): ObservableLike
}

interface HistogramLike {
  record(value: number, attributes: Record<string, string>): void
}

interface ObservableLike {
  addCallback(callback: (result: ObservableResultLike) => void): void
  removeCallback(callback: (result: ObservableResultLike) => void): void
}

interface ObservableResultLike {
  observe(value: number, attributes: Record<string, string>): void
}

interface Observation {
  readonly value: number
  readonly attributes?: Record<string, string>
}

interface Instrument {
  readonly kind: 'gauge' | 'counter'
  readonly name: string
  readonly description: string
  readonly observe: (guard: GuardDescription) => readonly Observation[]
}

const instruments: readonly Instrument[] = [
  {
    kind: 'gauge',
    name: 'circuit_breaker_state',
    description: '0 closed, 1 half-open, 2 open',
    observe: ({ state }) => (state.breaker ? [{ value: breakerStateValue[state.breaker.state] }] : []),
  },
  {
    kind: 'counter',
    name: 'circuit_breaker_requests_total',
    description: 'Attempts by result',
    observe: ({ counters }) =>
      (['success', 'failure', 'ignored', 'rejected', 'limited'] as const).map((result) => ({
        value: counters[result],
        attributes: { result },
      })),
  },
  {
    kind: 'counter',
    name: 'guard_retries_total',
    description: 'Attempts after the first of a call',
    observe: ({ counters }) => [{ value: counters.retries }],
  },
  {
    kind: 'gauge',
    name: 'guard_queue_depth',
    description: 'Calls waiting for a place in the bulkhead',
    observe: ({ state }) => (state.bulkhead ? [{ value: state.bulkhead.queued }] : []),
  },
]

/**
 * Reports every guard of `registry` through `meter`, under the names of the text exposition. Returns the function that
 * ends it.
 */
export function reportToMeter(registry: Registry, meter: MeterLike): () => void {
  const stops = [
    ...instruments.map((instrument) => report(instrument, registry, meter)),
    recordLatency(registry, meter),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function report({ kind, name, description, observe }: Instrument, registry: Registry, meter: MeterLike): () => void {
  const create = kind === 'gauge' ? meter.createObservableGauge : meter.createObservableCounter
  const observable = create.call(meter, name, { description })
  const callback = (result: ObservableResultLike): void => {
    for (const guard of registry.describe().guards) {
      for (const { value, attributes } of observe(guard)) {
        result.observe(value, { name: guard.dependency, ...attributes })
      }
    }
  }
  observable.addCallback(callback)
  return () => observable.removeCallback(callback)
}

function recordLatency(registry: Registry, meter: MeterLike): () => void {
  const description = 'Duration of attempts, up to their deadline'
  const histogram = meter.createHistogram('guard_attempt_duration_seconds', { description, unit: 's' })
  return registry.subscribe((event) => {
    if (event.kind !== 'attempt') return
    histogram.record(event.durationMs / 1000, { name: event.guard, outcome: event.outcome })
  })
}
