import * as z from 'zod'
import { instant, list, share, texts } from './list.ts'

const livePart = z.object({
  name: z.string(),
  component: z.string().describe('Of the model, that it is an instance of.'),
  state: z.string(),
  reason: z.string().optional(),
  faults: texts,
  figures: z.record(z.string(), z.string()).describe('What it says of itself, such as its role.'),
  pages: list(z.object({ title: z.string(), url: z.string() })).describe('What it shows to people.'),
})
export type LivePart = z.infer<typeof livePart>

const liveBreaker = z.object({ guard: z.string(), instance: z.string(), state: z.string() })
export type LiveBreaker = z.infer<typeof liveBreaker>

const liveFeed = z.object({
  name: z.string(),
  kind: z.string(),
  component: z.string().optional(),
  state: z
    .enum(['fine', 'trouble', 'down', 'unknown'])
    .describe('`trouble`: it serves, and something is wrong with it. `unknown`: nobody could be asked.'),
  mode: z.enum(['crash', 'hang']).optional().describe('How it fails when it is down; absent: it crashes.'),
  says: z.string(),
  members: list(z.object({ name: z.string(), says: z.string() })),
})
export type LiveFeed = z.infer<typeof liveFeed>

const liveAlert = z.object({
  id: z.string(),
  alert: z.string(),
  severity: z.string().optional(),
  summary: z.string().optional(),
  component: z.string().optional(),
  title: z.string().optional(),
  down: share.optional().describe('What its component takes down when it crashes, as claimed.'),
  startsAt: instant.optional(),
  receivedAt: instant,
  runbooks: texts,
})
export type LiveAlert = z.infer<typeof liveAlert>

const liveOutage = z.object({
  component: z.string(),
  title: z.string(),
  mode: z.enum(['crash', 'hang']),
  since: instant,
  runbook: z.string().optional(),
  burns: list(z.object({ flow: z.string(), budgetMinutes: z.number() })).describe(
    'The flows it takes down that have an error budget, and how many minutes of it a year has.',
  ),
})
export type LiveOutage = z.infer<typeof liveOutage>

/** What is down now, who is hit, which runbook. */
export const hubLive = z.object({
  state: z.enum(['off', 'starting', 'watching']).describe('`off`: nothing is watched, or the lab is down.'),
  at: instant,
  lab: z.string().optional(),
  parts: list(livePart),
  feeds: list(liveFeed),
  alerts: list(liveAlert).describe('That fire, newest first.'),
  down: list(liveOutage),
  breakers: list(liveBreaker).describe('Those that are not closed.'),
  hit: list(z.object({ flow: z.string(), title: z.string(), share, isDown: z.boolean() })).describe(
    'Flows that are down or degraded, as the model says, with their share of business.',
  ),
  downShare: share,
  degradedShare: share,
})
export type HubLive = z.infer<typeof hubLive>
