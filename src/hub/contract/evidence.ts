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

export const hubEvidence = z.object({
  records: list(recordEntry).describe('Newest first.'),
  damaged: texts,
  claims: claimEntries,
})
export type HubEvidence = z.infer<typeof hubEvidence>
