import type { GuardDescription } from '../guard-description.ts'
import type { Registry } from '../registry/registry.ts'

/** The value of `circuit_breaker_state`. */
export const breakerStateValue = { closed: 0, 'half-open': 1, open: 2 } as const

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly samples: (guard: GuardDescription) => readonly Sample[]
}

interface Sample {
  readonly suffix?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** The content type of the text exposition. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Every guard of `registry` in the Prometheus text exposition format 0.0.4. */
export function renderMetrics(registry: Registry): string {
  const { guards } = registry.describe()
  return families.map((family) => renderFamily(family, guards)).join('')
}

function renderFamily(family: Family, guards: readonly GuardDescription[]): string {
  const lines = guards.flatMap((guard) => family.samples(guard).map((sample) => renderSample(family, guard, sample)))
  if (lines.length === 0) return ''
  return [`# HELP ${family.name} ${family.help}`, `# TYPE ${family.name} ${family.type}`, ...lines, ''].join('\n')
}

function renderSample(family: Family, guard: GuardDescription, sample: Sample): string {
  const labels = Object.entries({ name: guard.dependency, ...sample.labels })
  const text = labels.map(([label, value]) => `${label}="${escapeLabel(value)}"`).join(',')
  return `${family.name}${sample.suffix ?? ''}{${text}} ${sample.value}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

const families: readonly Family[] = [
  {
    name: 'circuit_breaker_state',
    type: 'gauge',
    help: 'State of the circuit breaker: 0 closed, 1 half-open, 2 open.',
    samples: ({ state }) => (state.breaker ? [{ value: breakerStateValue[state.breaker.state] }] : []),
  },
  {
    name: 'circuit_breaker_requests_total',
    type: 'counter',
    help: 'Attempts by result: success, failure, ignored, rejected while open, limited while half-open or ramping up.',
    samples: ({ counters }) =>
      (['success', 'failure', 'ignored', 'rejected', 'limited'] as const).map((result) => ({
        labels: { result },
        value: counters[result],
      })),
  },
  {
    name: 'circuit_breaker_transitions_total',
    type: 'counter',
    help: 'Changes of state of the circuit breaker.',
    samples: ({ state, counters }) => (state.breaker ? [{ value: counters.transitions }] : []),
  },
  {
    name: 'guard_attempt_duration_seconds',
    type: 'histogram',
    help: 'Duration of attempts, up to their deadline.',
    samples: renderLatency,
  },
  {
    name: 'guard_in_flight',
    type: 'gauge',
    help: 'Calls begun and not yet settled.',
    samples: ({ state }) => [{ value: state.inFlight }],
  },
  {
    name: 'guard_running',
    type: 'gauge',
    help: 'Places of the bulkhead in use.',
    samples: ({ state }) => (state.bulkhead ? [{ value: state.bulkhead.running }] : []),
  },
  {
    name: 'guard_queue_depth',
    type: 'gauge',
    help: 'Calls waiting for a place in the bulkhead.',
    samples: ({ state }) => (state.bulkhead ? [{ value: state.bulkhead.queued }] : []),
  },
  counter('guard_bulkhead_full_total', 'Calls the bulkhead turned away.', 'bulkheadFull'),
  counter('guard_retries_total', 'Attempts after the first of a call.', 'retries'),
  counter('guard_retries_denied_total', 'Retries the budget did not allow.', 'retriesDenied'),
  counter('guard_deadlines_total', 'Attempts cut off by a deadline.', 'deadlines'),
  counter('guard_caller_aborted_total', 'Calls given up by their caller.', 'callerAborted'),
  counter('guard_unknown_outcomes_total', 'Calls that may or may not have taken effect.', 'unknownOutcomes'),
  {
    name: 'guard_fallback_answers_total',
    type: 'counter',
    help: 'Calls answered by a fallback, by a cached answer, or by a stale one.',
    samples: ({ counters }) => [
      { labels: { source: 'fallback' }, value: counters.fallbackAnswers },
      { labels: { source: 'cache' }, value: counters.cacheFresh },
      { labels: { source: 'stale-cache' }, value: counters.cacheStale },
    ],
  },
  counter('guard_hook_errors_total', 'Exceptions thrown by listeners and judges; they changed nothing.', 'hookErrors'),
]

function counter(name: string, help: string, key: keyof GuardDescription['counters']): Family {
  return { name, type: 'counter', help, samples: ({ counters }) => [{ value: counters[key] }] }
}

function renderLatency({ latency }: GuardDescription): readonly Sample[] {
  let upTo = 0
  const buckets = latency.counts.map((count, index) => {
    upTo += count
    const bound = latency.boundsMs[index]
    return { suffix: '_bucket', labels: { le: bound === undefined ? '+Inf' : String(bound / 1000) }, value: upTo }
  })
  return [...buckets, { suffix: '_sum', value: latency.sumMs / 1000 }, { suffix: '_count', value: upTo }]
}
