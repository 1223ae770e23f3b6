import * as z from 'zod'
import { expiry } from './evidence.ts'
import { instant, list, share, texts } from './list.ts'

const standing = z.object({
  down: share,
  degraded: share,
  hangDown: share,
  risk: z.number().optional().describe('Of the error budget; absent where no flow has an objective.'),
  kinds: texts,
  isAssumed: z.boolean(),
  spofOf: texts.describe('Flows that rest on it alone.'),
})
export type Standing = z.infer<typeof standing>

const componentRow = z.object({
  id: z.string(),
  title: z.string(),
  group: z.enum(['infrastructure', 'services', 'external']),
  kind: z.string(),
  tier: z.string().optional(),
  claimed: standing,
  proved: standing,
  shown: texts.describe('What drills have proved of it, a sentence each.'),
  next: z.string().optional(),
  runbook: z.string().optional(),
})
export type ComponentRow = z.infer<typeof componentRow>

const flowStanding = z.object({
  minutesDown: z.number(),
  spofs: list(z.object({ component: z.string(), isAssumed: z.boolean() })),
})

const flowRow = z.object({
  id: z.string(),
  title: z.string(),
  share,
  budgetMinutes: z.number().optional().describe('A year; absent: no availability objective.'),
  claimed: flowStanding,
  proved: flowStanding,
})
export type FlowRow = z.infer<typeof flowRow>

const metricEntry = z.object({
  id: z.string(),
  title: z.string(),
  unit: z.enum(['time', 'share']).describe('Of its figures: milliseconds, or from 0 to 1.'),
  said: z.string().optional(),
  claimed: z.number().optional(),
  proved: z.number().optional(),
  target: z.number(),
  due: z.string().optional(),
})
export type MetricEntry = z.infer<typeof metricEntry>

/** Everything the first page shows. */
export const hubOverview = z.object({
  title: z.string(),
  asOf: instant,
  components: list(componentRow),
  flows: list(flowRow),
  metrics: list(metricEntry),
  evidence: z.object({ records: z.number(), supported: z.number(), refuted: z.number(), claims: z.number() }),
  due: list(z.object({ drill: z.string(), dueAt: instant, minutesAtStake: z.number() })).describe(
    'Drills, most valuable first.',
  ),
  expiries: list(expiry).describe('The next evidence to stop counting by age, soonest first.'),
  findings: list(z.object({ code: z.string(), severity: z.string(), at: z.string(), message: z.string() })),
})
export type HubOverview = z.infer<typeof hubOverview>
