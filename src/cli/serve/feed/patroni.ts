import * as z from 'zod'
import { type Ask, askFirst } from './ask.ts'
import type { FeedOf } from './settings.ts'
import type { FeedSight } from './sight.ts'

const cluster = z.looseObject({
  members: z.array(
    z.looseObject({
      name: z.string(),
      role: z.string(),
      state: z.string(),
      lag: z.union([z.number(), z.string()]).optional(),
    }),
  ),
  pause: z.boolean().optional(),
})

const LEADERS = ['leader', 'standby_leader', 'master']
const ALIVE = ['running', 'streaming', 'in archive recovery']

/** Who leads, as any of the members says it. Source: Patroni's REST API, `GET /cluster`. */
export async function lookAtPatroni({ urls }: FeedOf<'patroni'>, ask: Ask): Promise<FeedSight> {
  const { members, pause } = await askFirst(urls, async (url) => {
    const { text } = await ask(`${url.replace(/\/$/, '')}/cluster`)
    return cluster.parse(JSON.parse(text))
  })
  const leader = members.find(({ role, state }) => LEADERS.includes(role) && ALIVE.includes(state))
  const standbys = members.filter(({ role }) => !LEADERS.includes(role))
  const broken = members.filter(({ state }) => !ALIVE.includes(state))
  const following = standbys.filter(({ state }) => ALIVE.includes(state)).length
  return {
    state: !leader ? 'down' : broken.length > 0 || pause || following < standbys.length ? 'trouble' : 'fine',
    says: `${leader ? `${leader.name} leads` : 'nobody leads'}, ${following} of ${standbys.length} standbys follow${
      pause ? '; failover is paused' : ''
    }`,
    members: members.map(({ name, role, state, lag }) => ({
      name,
      says: [role, state, ...(lag === undefined || lag === 0 ? [] : [`lag ${lag}`])].join(', '),
    })),
  }
}
