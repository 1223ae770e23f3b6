import * as z from 'zod'
import { list, share, texts } from './list.ts'

const mapNode = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  group: z.string(),
  tier: z.string().optional(),
  instances: z.number(),
  isSpof: z.object({ claimed: z.boolean(), proved: z.boolean() }),
  down: z.object({ claimed: share, proved: share }),
  flows: texts.describe('Flows whose requests can reach it.'),
})
export type MapNode = z.infer<typeof mapNode>

const mapEdge = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  strength: z.enum(['hard', 'soft', 'async', 'unknown']),
  isAnyOf: z.boolean(),
  fallback: z.string().optional(),
  guard: texts.describe('Policies of the guard, such as "deadline 5 s".'),
  isProved: z.boolean().describe('Whether evidence supports the guard now.'),
})
export type MapEdge = z.infer<typeof mapEdge>

export const hubMap = z.object({
  nodes: list(mapNode),
  edges: list(mapEdge),
  flows: list(z.object({ id: z.string(), title: z.string(), share, entry: z.string() })),
})
export type HubMap = z.infer<typeof hubMap>

/** What a failure of some components takes down. */
export const fallen = z.object({
  failing: list(z.object({ component: z.string(), mode: z.enum(['crash', 'hang']) })),
  down: texts,
  degraded: texts,
  downShare: share,
  degradedShare: share,
})
export type Fallen = z.infer<typeof fallen>
