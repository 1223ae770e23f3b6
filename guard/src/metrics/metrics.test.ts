import { describe, expect, test } from 'vitest'
import { createTestRegistry, fail, hang, outcomeOf, succeed } from '../testing/calls.ts'
import { type MeterLike, reportToMeter } from './opentelemetry.ts'
import { renderMetrics } from './prometheus.ts'

async function exampleRegistry() {
  const { registry, clock } = createTestRegistry()
  const guard = registry.guard('tpg>bbd', {
    breaker: { consecutiveFailures: 1 },
    bulkhead: { concurrent: 1, queue: 1 },
  })
  await guard.run(() => clock.jump(30))
  await outcomeOf(guard.run(fail))
  await outcomeOf(guard.run(succeed))
  return { registry, guard }
}

describe('the text exposition', () => {
  test('has the names of the implementation guide, and latency, retries and queue depth', async () => {
    const { registry } = await exampleRegistry()
    expect(renderMetrics(registry)).toBe(
      `# HELP circuit_breaker_state State of the circuit breaker: 0 closed, 1 half-open, 2 open.
# TYPE circuit_breaker_state gauge
circuit_breaker_state{name="tpg>bbd"} 2
# HELP circuit_breaker_requests_total Attempts by result: success, failure, ignored, rejected while open, limited while half-open or ramping up.
# TYPE circuit_breaker_requests_total counter
circuit_breaker_requests_total{name="tpg>bbd",result="success"} 1
circuit_breaker_requests_total{name="tpg>bbd",result="failure"} 1
circuit_breaker_requests_total{name="tpg>bbd",result="ignored"} 0
circuit_breaker_requests_total{name="tpg>bbd",result="rejected"} 1
circuit_breaker_requests_total{name="tpg>bbd",result="limited"} 0
# HELP circuit_breaker_transitions_total Changes of state of the circuit breaker.
# TYPE circuit_breaker_transitions_total counter
circuit_breaker_transitions_total{name="tpg>bbd"} 1
# HELP guard_attempt_duration_seconds Duration of attempts, up to their deadline.
# TYPE guard_attempt_duration_seconds histogram
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="0.005"} 1
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="0.01"} 1
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="0.025"} 1
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="0.05"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="0.1"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="0.25"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="0.5"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="1"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="2.5"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="5"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="10"} 2
guard_attempt_duration_seconds_bucket{name="tpg>bbd",le="+Inf"} 2
guard_attempt_duration_seconds_sum{name="tpg>bbd"} 0.03
guard_attempt_duration_seconds_count{name="tpg>bbd"} 2
# HELP guard_in_flight Calls begun and not yet settled.
# TYPE guard_in_flight gauge
guard_in_flight{name="tpg>bbd"} 0
# HELP guard_running Places of the bulkhead in use.
# TYPE guard_running gauge
guard_running{name="tpg>bbd"} 0
# HELP guard_queue_depth Calls waiting for a place in the bulkhead.
# TYPE guard_queue_depth gauge
guard_queue_depth{name="tpg>bbd"} 0
# HELP guard_bulkhead_full_total Calls the bulkhead turned away.
# TYPE guard_bulkhead_full_total counter
guard_bulkhead_full_total{name="tpg>bbd"} 0
# HELP guard_retries_total Attempts after the first of a call.
# TYPE guard_retries_total counter
guard_retries_total{name="tpg>bbd"} 0
# HELP guard_retries_denied_total Retries the budget did not allow.
# TYPE guard_retries_denied_total counter
guard_retries_denied_total{name="tpg>bbd"} 0
# HELP guard_deadlines_total Attempts cut off by a deadline.
# TYPE guard_deadlines_total counter
guard_deadlines_total{name="tpg>bbd"} 0
# HELP guard_caller_aborted_total Calls given up by their caller.
# TYPE guard_caller_aborted_total counter
guard_caller_aborted_total{name="tpg>bbd"} 0
# HELP guard_unknown_outcomes_total Calls that may or may not have taken effect.
# TYPE guard_unknown_outcomes_total counter
guard_unknown_outcomes_total{name="tpg>bbd"} 0
# HELP guard_fallback_answers_total Calls answered by a fallback, by a cached answer, or by a stale one.
# TYPE guard_fallback_answers_total counter
guard_fallback_answers_total{name="tpg>bbd",source="fallback"} 0
guard_fallback_answers_total{name="tpg>bbd",source="cache"} 0
guard_fallback_answers_total{name="tpg>bbd",source="stale-cache"} 0
# HELP guard_hook_errors_total Exceptions thrown by listeners and judges; they changed nothing.
# TYPE guard_hook_errors_total counter
guard_hook_errors_total{name="tpg>bbd"} 0
`,
    )
  })

  test('shows each guard, its half-open state and its queue, and escapes names', async () => {
    const { registry, clock } = createTestRegistry()
    const odd = registry.guard('a "b"\\\n', { breaker: { consecutiveFailures: 1, openFor: '1s' } })
    await outcomeOf(odd.run(fail))
    clock.jump(1000)
    const full = registry.guard('a>b', { bulkhead: { concurrent: 1, queue: 1 } })
    void full.run(hang)
    void full.run(hang)
    const text = renderMetrics(registry)
    expect(text).toContain('circuit_breaker_state{name="a \\"b\\"\\\\\\n"} 1\n')
    expect(text).toContain('guard_queue_depth{name="a>b"} 1\n')
    expect(text).not.toContain('circuit_breaker_state{name="a>b"}')
    expect(text.match(/^# TYPE guard_in_flight gauge$/gm)).toHaveLength(1)
  })

  test('of an empty registry is empty', () => {
    expect(renderMetrics(createTestRegistry().registry)).toBe('')
  })
})

describe('the OpenTelemetry hook', () => {
  function fakeMeter() {
    const callbacks = new Map<string, Set<(result: { observe(value: number, attributes: object): void }) => void>>()
    const recorded: unknown[] = []
    const observable = (name: string) => {
      const own = new Set<(result: { observe(value: number, attributes: object): void }) => void>()
      callbacks.set(name, own)
      return {
        addCallback: (added: never) => void own.add(added),
        removeCallback: (gone: never) => void own.delete(gone),
      }
    }
    const meter: MeterLike = {
      createHistogram: (name) => ({ record: (value, attributes) => recorded.push([name, value, attributes]) }),
      createObservableGauge: observable,
      createObservableCounter: observable,
    }
    const collect = () => {
      const observed: unknown[] = []
      for (const [name, own] of callbacks) {
        for (const callback of own)
          callback({ observe: (value, attributes) => observed.push([name, value, attributes]) })
      }
      return observed
    }
    return { meter, recorded, collect }
  }

  test('reports the same names, and each attempt as it ends, until it is stopped', async () => {
    const { registry, guard } = await exampleRegistry()
    const { meter, recorded, collect } = fakeMeter()
    const stop = reportToMeter(registry, meter)
    guard.breaker?.setMode('normal')
    await guard.run(succeed)
    expect(recorded).toEqual([['guard_attempt_duration_seconds', 0, { name: 'tpg>bbd', outcome: 'success' }]])
    expect(collect()).toEqual([
      ['circuit_breaker_state', 0, { name: 'tpg>bbd' }],
      ['circuit_breaker_requests_total', 2, { name: 'tpg>bbd', result: 'success' }],
      ['circuit_breaker_requests_total', 1, { name: 'tpg>bbd', result: 'failure' }],
      ['circuit_breaker_requests_total', 0, { name: 'tpg>bbd', result: 'ignored' }],
      ['circuit_breaker_requests_total', 1, { name: 'tpg>bbd', result: 'rejected' }],
      ['circuit_breaker_requests_total', 0, { name: 'tpg>bbd', result: 'limited' }],
      ['guard_retries_total', 0, { name: 'tpg>bbd' }],
      ['guard_queue_depth', 0, { name: 'tpg>bbd' }],
    ])
    stop()
    await guard.run(succeed)
    expect([recorded.length, collect()]).toEqual([1, []])
  })
})
