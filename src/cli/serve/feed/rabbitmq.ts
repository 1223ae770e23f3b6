import * as z from 'zod'
import { type Ask, askFirst } from './ask.ts'
import type { FeedOf } from './settings.ts'
import type { FeedSight } from './sight.ts'

const nodes = z.array(
  z.looseObject({
    name: z.string(),
    running: z.boolean(),
    mem_alarm: z.boolean().optional(),
    disk_free_alarm: z.boolean().optional(),
    partitions: z.array(z.unknown()).optional(),
  }),
)
const overview = z.looseObject({ queue_totals: z.looseObject({ messages: z.number().optional() }).optional() })

/**
 * Its nodes, as any of them says it: without a majority, quorum queues stand still. Source: the HTTP API of RabbitMQ's
 * management plugin.
 */
export async function lookAtRabbitmq({ urls, user, password }: FeedOf<'rabbitmq'>, ask: Ask): Promise<FeedSight> {
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  const { all, waiting } = await askFirst(urls, async (url) => {
    const read = async (path: string) => {
      const { status, text } = await ask(`${url.replace(/\/$/, '')}${path}`, { headers })
      if (status !== 200) throw new Error(status === 401 ? 'refuses user and password' : `answers ${status}`)
      return JSON.parse(text) as unknown
    }
    const all = nodes.parse(await read('/api/nodes'))
    return { all, waiting: overview.parse(await read('/api/overview')).queue_totals?.messages }
  })
  const members = all.map((node) => ({ name: node.name, complaints: complaintsOf(node) }))
  const running = all.filter((node) => node.running).length
  const isWhole = members.every(({ complaints }) => complaints.length === 0)
  return {
    state: running * 2 <= all.length ? 'down' : isWhole ? 'fine' : 'trouble',
    says: `${running} of ${all.length} nodes run${waiting === undefined ? '' : `, ${waiting} messages wait`}`,
    members: members.map(({ name, complaints }) => ({ name, says: complaints.join(', ') || 'running' })),
  }
}

function complaintsOf({ running, mem_alarm, disk_free_alarm, partitions }: z.infer<typeof nodes>[number]): string[] {
  return [
    ...(running ? [] : ['does not run']),
    ...(mem_alarm ? ['memory is short'] : []),
    ...(disk_free_alarm ? ['disk is short'] : []),
    ...((partitions?.length ?? 0) > 0 ? ['cut off from others'] : []),
  ]
}
