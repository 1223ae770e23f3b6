import * as z from 'zod'
import { instant, list, texts } from './list.ts'

const claimEntry = z.object({
  id: z.string(),
  verdict: z.enum(['supported', 'refuted', 'unknown']),
  reason: z.string(),
  environment: z.string().optional(),
  at: instant.optional(),
  expiresAt: instant.optional(),
  trials: z.number(),
  trialsNeeded: z.number(),
  drills: texts.describe('Drills that try it.'),
  records: texts.describe('Digests of the records it rests on.'),
})
export type ClaimEntry = z.infer<typeof claimEntry>

export const claimEntries = list(claimEntry)
