import * as z from 'zod'
import { instant, list, texts } from './list.ts'

const drillEntry = z.object({
  name: z.string(),
  title: z.string(),
  proves: texts,
  problems: texts,
})
export type DrillEntry = z.infer<typeof drillEntry>

export const hubDrills = list(drillEntry)

const loadBin = z.object({
  atMs: z.number(),
  ok: z.number(),
  degraded: z.number(),
  failed: z.number(),
  slowestMs: z.number(),
})
export type LoadBin = z.infer<typeof loadBin>

export const runEvents = list(z.object({ atMs: z.number(), text: z.string() }))
export const loads = z
  .record(z.string(), list(loadBin))
  .describe('By load: how many requests ended how, and the slowest.')

export const probes = z
  .record(z.string(), list(z.tuple([z.number(), z.number().nullable()]).readonly()))
  .describe('By probe: when it looked, in milliseconds, and the value.')

const runVerdict = z.object({
  verdict: z.enum(['supported', 'refuted', 'unknown']),
  claims: list(z.object({ claim: z.string(), verdict: z.string(), because: z.string() })),
  record: z.string().optional().describe('Seen from the vault.'),
})
export type RunVerdict = z.infer<typeof runVerdict>

/** One drill that runs, or the last that ran. */
export const hubRun = z.object({
  drill: z.string(),
  by: z.string(),
  startedAt: instant,
  state: z.enum(['running', 'stopping', 'ended']),
  step: z.string(),
  events: runEvents,
  loads,
  probes,
  verdict: runVerdict.optional(),
  trouble: z.string().optional().describe('Why it could not run.'),
})
export type HubRun = z.infer<typeof hubRun>
