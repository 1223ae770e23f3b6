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

const results = ['success', 'failure', 'ignored', 'rejected', 'limited'] as const

/**
 * Reports every guard of `registry` through `meter`, under the names of the text exposition. Returns the function that
 * ends it.
 */
export function reportToMeter(registry: Registry, meter: MeterLike): () => void {
  const stops = [
    observe(
      meter.createObservableGauge('circuit_breaker_state', { description: '0 closed, 1 half-open, 2 open' }),
      (result) => {
        for (const { dependency, state } of registry.describe().guards) {
          if (state.breaker) result.observe(breakerStateValue[state.breaker.state], { name: dependency })
        }
      },
    ),
    observe(
      meter.createObservableCounter('circuit_breaker_requests_total', { description: 'Attempts by result' }),
      (observed) => {
        for (const { dependency, counters } of registry.describe().guards) {
          for (const result of results) observed.observe(counters[result], { name: dependency, result })
        }
      },
    ),
    observe(
      meter.createObservableCounter('guard_retries_total', { description: 'Attempts after the first' }),
      (result) => {
        for (const { dependency, counters } of registry.describe().guards) {
          result.observe(counters.retries, { name: dependency })
        }
      },
    ),
    observe(
      meter.createObservableGauge('guard_queue_depth', { description: 'Calls waiting for a place' }),
      (result) => {
        for (const { dependency, state } of registry.describe().guards) {
          if (state.bulkhead) result.observe(state.bulkhead.queued, { name: dependency })
        }
      },
    ),
    recordLatency(registry, meter),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function observe(instrument: ObservableLike, callback: (result: ObservableResultLike) => void): () => void {
  instrument.addCallback(callback)
  return () => instrument.removeCallback(callback)
}

function recordLatency(registry: Registry, meter: MeterLike): () => void {
  const histogram = meter.createHistogram('guard_attempt_duration_seconds', {
    description: 'Duration of attempts',
    unit: 's',
  })
  return registry.subscribe((event) => {
    if (event.kind === 'attempt')
      histogram.record(event.durationMs / 1000, { name: event.guard, outcome: event.outcome })
  })
}
