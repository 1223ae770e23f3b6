import type { Assessment } from '../../assess/index.ts'
import type { Proof } from '../../evidence/index.ts'
import type { RoadmapItem } from '../contract/roadmap.ts'
import { listClaims } from './component.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** The roadmap ticks itself: an item is done when drills have proved it. */
export function describeRoadmap({ model, proved }: Assessment, proof: Proof): RoadmapItem[] {
  return model.mitigations.map(({ id, title, priority, sprint, effortMs, state, claims, where }) => ({
    id,
    title,
    priority,
    sprint,
    effortDays: effortMs === undefined ? undefined : effortMs / DAY_MS,
    state: state !== 'in-place' ? state : proved.mitigations.includes(id) ? 'proved' : 'unproved',
    claims: listClaims(proof, ({ claim }) => claims.includes(claim)),
    where: `${where.file}:${where.line}`,
  }))
}
