import * as z from 'zod'
import { claimEntries } from './claim.ts'
import { list, share, texts } from './list.ts'

const figures = z.object({
  down: share,
  degraded: share,
  hangDown: share,
  kinds: texts,
  risk: z.number().optional(),
  minutesDown: z.number(),
  rtoBoundMs: z.number(),
  rtoMeasuredMs: z.number().optional(),
  rtoObjectiveMs: z.number().optional(),
})
export type Figures = z.infer<typeof figures>

/** One component, every number with where it comes from. */
export const hubComponent = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  group: z.string(),
  tier: z.string().optional(),
  instances: z.number(),
  needs: z.number(),
  where: z.string(),
  runbook: z.string().optional(),
  health: z.object({ live: z.string().optional(), ready: z.string().optional() }),
  states: z.object({ was: figures, claimed: figures, proved: figures, target: figures }),
  witnesses: list(z.object({ flow: z.string(), path: texts })).describe(
    "From a flow's entry to the component, as claimed.",
  ),
  callers: texts,
  dependencies: texts,
  claims: claimEntries,
  mitigations: texts,
})
export type HubComponent = z.infer<typeof hubComponent>
