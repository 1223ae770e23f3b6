import * as z from 'zod'
import { claimEntries } from './claim.ts'
import { instant, list, texts } from './list.ts'

const recordEntry = z.object({
  id: z.string(),
  file: z.string(),
  at: instant,
  environment: z.string(),
  drill: z.string(),
  tookMs: z.number().optional(),
  claims: list(
    z.object({
      claim: z.string(),
      verdict: z.string(),
      because: z.string(),
      trials: list(z.record(z.string(), z.number())),
    }),
  ),
})
export type RecordEntry = z.infer<typeof recordEntry>

export const expiry = z.object({
  week: z.string().describe('The Monday of its week, such as `2026-12-21`.'),
  expiresAt: instant,
  drill: z.string().optional().describe('What renews it; absent: no drill of the vault does.'),
  claims: texts,
})
export type Expiry = z.infer<typeof expiry>

export const hubEvidence = z.object({
  records: list(recordEntry).describe('Newest first.'),
  damaged: texts,
  claims: claimEntries,
  expiries: list(expiry).describe('When evidence stops counting by age, soonest first.'),
})
export type HubEvidence = z.infer<typeof hubEvidence>
