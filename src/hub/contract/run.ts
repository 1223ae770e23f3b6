import * as z from 'zod'
import { loads, probes, runEvents } from './drill.ts'
import { instant, list } from './list.ts'

const runEntry = z.object({
  id: z.string(),
  drill: z.string(),
  at: instant.describe('When it ended.'),
  environment: z.string(),
  verdict: z.enum(['supported', 'refuted', 'unknown']),
  claims: list(z.string()),
  record: z.string().optional().describe('The file that keeps it as evidence.'),
  hasTimeline: z.boolean().describe('Whether this machine ran it and still has what was measured.'),
})
export type RunEntry = z.infer<typeof runEntry>

export const hubRuns = list(runEntry)

const keptTrial = z.object({
  figures: z.record(z.string(), z.number()),
  faultMs: z.number().optional().describe('When the first fault began, since the trial did.'),
  events: runEvents,
  loads,
  probes,
})
export type KeptTrial = z.infer<typeof keptTrial>

/** A drill that was run, with all that is left of it. */
export const keptRun = runEntry.extend({
  tookMs: z.number().optional(),
  because: z.string(),
  trials: list(keptTrial),
})
export type KeptRun = z.infer<typeof keptRun>

/** What was run, in records and on this machine. */
export interface HubRuns {
  readonly list: () => readonly RunEntry[]
  readonly run: (id: string) => KeptRun | undefined
}
