import * as z from 'zod'
import { claimEntries } from './claim.ts'
import { list } from './list.ts'

const roadmapItem = z.object({
  id: z.string(),
  title: z.string(),
  priority: z.string().optional(),
  sprint: z.string().optional().describe('Absent: not planned for any.'),
  effortDays: z.number().optional(),
  state: z
    .enum(['planned', 'in-progress', 'unproved', 'proved'])
    .describe('`unproved`: in place, and no evidence supports it yet.'),
  claims: claimEntries,
  where: z.string(),
})
export type RoadmapItem = z.infer<typeof roadmapItem>

export const hubRoadmap = list(roadmapItem)
