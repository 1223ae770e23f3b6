import * as z from 'zod'
import { claimEntries } from './claim.ts'
import { hubComponent } from './component.ts'
import { docEntries, docHits, docPage } from './docs.ts'
import { hubDrills } from './drill.ts'
import { hubEvidence } from './evidence.ts'
import { fallen, hubMap } from './map.ts'
import { hubOverview } from './overview.ts'
import { givenAnswer, hubRunbooks, startOfRun } from './page-run.ts'
import { hubRoadmap } from './roadmap.ts'
import { hubRuns, keptRun } from './run.ts'

const nothing = z.object({})

/**
 * Everything that can be read: what is asked, in the path or behind the question mark, and what is answered. The
 * server validates with this table and describes itself with it in `/api/openapi.json`; the pages have their types
 * from it.
 */
export const READINGS = {
  '/api/overview': { is: 'What is at risk', asks: nothing, answers: hubOverview },
  '/api/map': { is: 'Who calls whom', asks: nothing, answers: hubMap },
  '/api/what-if': {
    is: 'Who would be hit; nothing is broken by asking',
    asks: z.object({ fail: z.string().max(2_000).default('').describe('Such as `stock,redis:hang`.') }),
    answers: fallen,
  },
  '/api/components/:id': { is: 'A component', asks: z.object({ id: z.string() }), answers: hubComponent },
  '/api/claims': { is: 'Every claim of the model with its verdict', asks: nothing, answers: claimEntries },
  '/api/evidence': { is: 'Records, claims and when they expire', asks: nothing, answers: hubEvidence },
  '/api/roadmap': { is: 'Planned changes and what proves them', asks: nothing, answers: hubRoadmap },
  '/api/drills': { is: 'Drills of the vault', asks: nothing, answers: hubDrills },
  '/api/runs': { is: 'Runs of drills, newest first', asks: nothing, answers: hubRuns },
  '/api/runs/:run': { is: 'A run of a drill', asks: z.object({ run: z.string() }), answers: keptRun },
  '/api/runbooks': { is: 'Runbooks of the vault', asks: nothing, answers: hubRunbooks },
  '/api/docs': { is: 'Pages of the vault', asks: nothing, answers: docEntries },
  '/api/docs/page': { is: 'A page of the vault', asks: z.object({ path: z.string() }), answers: docPage },
  '/api/search': {
    is: 'Passages of the pages, best first',
    asks: z.object({ q: z.string().max(200).default('') }),
    answers: docHits,
  },
} as const

/** Everything that can be set going, by operators and approvers. `asks` is in the path, `body` is sent. */
export const ACTIONS = {
  '/api/drills/:drill/run': { is: 'Runs a drill', asks: z.object({ drill: z.string() }), body: nothing },
  '/api/run/stop': { is: 'Stops the drill under way and undoes its faults', asks: nothing, body: nothing },
  '/api/runbooks/:runbook/run': {
    is: 'Carries a runbook out',
    asks: z.object({ runbook: z.string() }),
    body: startOfRun,
  },
  '/api/page/answer': { is: 'Answers what a runbook asks', asks: nothing, body: givenAnswer },
  '/api/page/stop': { is: 'Stops the runbook under way; it can be resumed', asks: nothing, body: nothing },
} as const

export const said = z.object({ message: z.string() })

export type Readings = {
  readonly [Path in keyof typeof READINGS]: {
    readonly asks: z.input<(typeof READINGS)[Path]['asks']>
    readonly answers: z.output<(typeof READINGS)[Path]['answers']>
  }
}
export type ActionBodies = {
  readonly [Path in keyof typeof ACTIONS]: {
    readonly asks: z.input<(typeof ACTIONS)[Path]['asks']>
    readonly body: z.input<(typeof ACTIONS)[Path]['body']>
  }
}
