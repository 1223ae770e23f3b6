import * as z from 'zod'
import { DURATION_PATTERN, parseDuration, parseRate, RATE_PATTERN } from '../source/index.ts'

const duration = z
  .string({ error: 'must be a duration with its unit, such as "30s", "5m", "4h" or "250ms"' })
  .regex(DURATION_PATTERN, { error: 'must be a duration with its unit, such as "30s", "5m", "4h" or "250ms"' })
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ examples: ['30s', '5m', '4h', '250ms'] })
const rate = z
  .string({ error: 'must be a rate with its unit, such as "20/s" or "300/m"' })
  .regex(RATE_PATTERN, { error: 'must be a rate with its unit, such as "20/s" or "300/m"' })
  .transform((text) => parseRate(text) ?? 0)
  .meta({ examples: ['20/s', '300/m'] })
/** Names of components, flows and mitigations: what claims, commands and file names can carry without quoting. */
const ID_PATTERN = /^[a-z0-9][a-z0-9._-]*$/i
const id = z.string().regex(ID_PATTERN, { error: 'must be a name of letters, digits, "-", "_" and "."' })
const share = z
  .number()
  .min(0, { error: 'must be from 0 to 1' })
  .max(1, { error: 'must be from 0 to 1, as in 0.6 for 60 %' })
const count = z.int({ error: 'must be a whole number' }).min(1, { error: 'must be 1 or more' })
const oneOrMore = z.union([id.transform((name) => [name]), z.array(id).min(1)])

export const KINDS = [
  'gateway',
  'service',
  'database',
  'cache',
  'queue',
  'external',
  'job',
  'credential',
  'config',
  'host',
  'zone',
  'network',
] as const
export const TIERS = ['P0', 'P1', 'P2', 'P3'] as const

const objective = z.strictObject({
  rto: duration.optional().describe('Recovery time objective: how long an interruption may last.'),
  rpo: duration.optional().describe('Recovery point objective: how much acknowledged work may be lost.'),
  availability: z
    .number()
    .gt(0)
    .lt(1, { error: 'must be below 1: an objective of 100 % leaves no error budget' })
    .optional()
    .describe('Share of time the flow must work, such as 0.9995; the rest is its error budget.'),
})

const guard = z
  .strictObject({
    deadline: duration.optional().describe('Longest wait for one attempt.'),
    overall: duration.optional().describe('Longest wait for the whole call, retries included.'),
    breaker: z
      .union([
        z.boolean(),
        z.strictObject({
          window: duration.optional(),
          'minimum-calls': count.optional(),
          'failure-rate': share.optional(),
          'consecutive-failures': count.optional(),
          'slow-call': duration.optional(),
          'slow-rate': share.optional(),
          'open-for': duration.optional(),
          probes: count.optional(),
          'max-half-open': duration.optional(),
        }),
      ])
      .optional()
      .describe('true, or the settings of the circuit breaker.'),
    bulkhead: z
      .union([count, z.strictObject({ concurrent: count, queue: z.int().min(0).optional() })])
      .optional()
      .describe('How many calls may be under way at once.'),
    retry: z
      .strictObject({
        attempts: count.describe('All attempts, the first included.'),
        idempotent: z.boolean().optional().describe('Whether sending the call twice is harmless.'),
        backoff: duration.optional().describe('Longest pause before the second attempt; it doubles afterwards.'),
      })
      .optional(),
  })
  .describe('The policies on one dependency.')

const fallback = z.strictObject({
  name: id.describe('What serves instead, such as stale-cache.'),
  needs: z.array(id).optional().describe('Components that the fallback itself rests on.'),
  lasts: duration.optional().describe('How long the fallback carries an outage; absent: without end.'),
})

const dependencyShape = {
  strength: z
    .enum(['hard', 'soft', 'async', 'unknown'])
    .optional()
    .describe(
      'hard: the flow needs it. soft: it does without. async: nobody waits. unknown: assessed as hard, marked assumed.',
    ),
  for: z.array(id).min(1).optional().describe('Flows that use it; absent: every flow through the component.'),
  rate: rate.optional().describe('Calls a second at peak.'),
  fallback: z.union([fallback, z.array(fallback).min(1)]).optional(),
  lasts: duration.optional().describe('async only: how long work may wait before the flow is down.'),
  evidence: z.array(z.string()).optional().describe('What shows that the dependency exists, such as "env REDIS_ADDR".'),
}
const alternative = z.strictObject({ guard: guard.optional() }).nullable()
const dependency = z
  .strictObject({
    ...dependencyShape,
    guard: guard.optional(),
    'any-of': z
      .record(id, alternative)
      .optional()
      .describe('Alternatives: the dependency fails when all of them do. Each may have its own guard.'),
  })
  .nullable()

const failure = z.strictObject({
  'per-year': z.number().min(0).describe('Expected failures a year, of one instance.'),
  repair: duration.optional().describe('Mean time until it works again.'),
  source: z.string().optional().describe('Where the figure comes from; absent: assumed.'),
})

const component = z.strictObject({
  title: z.string().optional(),
  kind: z.enum(KINDS),
  tier: z.enum(TIERS).optional().describe('P0 is the most critical.'),
  notes: z.string().optional().describe('What a reader should know, and where facts come from.'),
  instances: count.optional().describe('How many run; default 1.'),
  needs: count.optional().describe('How many of them must run; default 1.'),
  'runs-on': oneOrMore.optional().describe('Hosts or zones; instance i runs on the i-th, round and round.'),
  rollout: z
    .enum(['rolling', 'canary', 'blue-green', 'all-at-once'])
    .optional()
    .describe('How a new version arrives. Absent: assumed all-at-once, so one bad deployment takes all instances.'),
  pool: z
    .union([count, z.literal('private')])
    .optional()
    .describe(
      'Calls it can hold at once over all dependencies; "private": one pool for each. Absent: shared, assumed small.',
    ),
  objective: objective.omit({ availability: true }).optional(),
  health: z
    .strictObject({
      live: z.string().optional(),
      ready: z.string().optional().describe('Readiness check by which the balancer takes an instance out.'),
    })
    .optional(),
  runbook: z.string().optional().describe('Link to the runbook, such as "[[RUNBOOK-Database-Failover]]".'),
  failover: z
    .strictObject({
      mode: z.enum(['manual', 'automatic', 'none']),
      takes: duration.optional().describe('Interruption when the primary fails.'),
      loses: duration.optional().describe('Acknowledged work that a failover may lose; "0s" for none.'),
      quorum: id.optional().describe('Component whose majority a failover needs.'),
    })
    .optional()
    .describe('One instance is primary, the others stand by.'),
  failure: z
    .strictObject({
      crash: failure.optional(),
      hang: failure.optional(),
      deployment: failure.optional(),
      'common-cause': z
        .strictObject({ beta: share, source: z.string().optional() })
        .optional()
        .describe('Share of crashes that take all instances at once. Enters probabilities, never the list of SPOFs.'),
    })
    .optional(),
  'depends-on': z.record(id, dependency).optional(),
})

const mitigation = z.strictObject({
  title: z.string(),
  priority: z.enum(TIERS).optional(),
  sprint: z.union([z.string(), z.number()]).transform(String).optional(),
  effort: duration.optional().describe('Working time, such as "6d".'),
  state: z.enum(['planned', 'in-progress', 'in-place']).default('planned'),
  claims: z.array(z.string()).default([]).describe('What a drill must prove before the mitigation counts.'),
  changes: z
    .record(id, z.record(z.string(), z.unknown()))
    .default({})
    .describe('What it changes: merged into the components; null removes a key; a new component may be added.'),
  notes: z.string().optional(),
})

const target = z.strictObject({
  title: z.string().optional(),
  metric: z.string().describe('recovery.rto(NAME), recovery.rpo(NAME), coverage.breaker or coverage.fallback.'),
  was: z.string().optional().describe('The figure people quoted before it was computed.'),
  target: z.union([z.string(), z.number()]),
  due: z.string().optional(),
})

const waiver = z.strictObject({
  finding: z.string().regex(/^LP\d{3}$/, { error: 'must be the code of a finding, such as LP012' }),
  at: z.string().describe('The component, dependency or flow the finding names.'),
  reason: z.string().min(1),
  until: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a date such as "2026-12-31"' }),
})

const flow = z.strictObject({
  title: z.string().optional(),
  share: share.optional().describe('Share of business volume; the shares of all flows sum to 1.'),
  entry: id.describe('The component where users come in.'),
  objective: objective.optional(),
})

/** The format of `system/*.yaml`. Several files are one model; each may hold any part. */
export const systemSchema = z
  .strictObject({
    $schema: z.string().optional(),
    system: id.optional().describe('The name of the platform.'),
    title: z.string().optional(),
    flows: z.record(id, flow).optional(),
    components: z.record(id, component).optional(),
    mitigations: z.record(id, mitigation).optional(),
    targets: z.record(id, target).optional(),
    waivers: z.array(waiver).optional(),
  })
  .meta({ title: 'Linchpin system model' })

export type SystemInput = z.output<typeof systemSchema>
export type ComponentInput = z.output<typeof component>
export type DependencyInput = NonNullable<z.output<typeof dependency>>
export type GuardInput = z.output<typeof guard>

/** JSON Schema (2020-12) of the format, for editors. */
export function writeJsonSchema(): object {
  return z.toJSONSchema(systemSchema, { io: 'input', unrepresentable: 'any' })
}
