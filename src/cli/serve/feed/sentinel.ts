import { askFirst } from './ask.ts'
import { type AskRedis, isTexts, type Reply } from './redis.ts'
import type { FeedOf } from './settings.ts'
import type { FeedSight } from './sight.ts'

/**
 * What a Sentinel says of the server that takes writes and of its copies. `o_down`: enough Sentinels agree that it is
 * down. Source: Redis' documentation of Sentinel.
 */
export async function lookAtSentinel(
  { addresses, master, password }: FeedOf<'sentinel'>,
  askRedis: AskRedis,
): Promise<FeedSight> {
  const { first, copies } = await askFirst(addresses, async (address) => {
    const commands = [
      ...(password === undefined ? [] : [['AUTH', password]]),
      ['SENTINEL', 'MASTER', master],
      ['SENTINEL', 'REPLICAS', master],
    ]
    const [own, others] = (await askRedis(address, commands)).slice(-2)
    return { first: readFields(own), copies: Array.isArray(others) ? others.map(readFields) : [] }
  })
  const complaints = complaintsOf(first)
  const following = copies.filter((copy) => complaintsOf(copy).length === 0 && copy['master-link-status'] !== 'err')
  const isDown = complaints.some((flag) => flag === 'o_down' || flag === 'disconnected')
  const isWhole = complaints.length === 0 && following.length === copies.length
  return {
    state: isDown ? 'down' : isWhole ? 'fine' : 'trouble',
    says: `${placeOf(first)} ${isDown ? 'does not take' : 'takes'} writes, ${following.length} of ${copies.length} copies follow`,
    members: [first, ...copies].map((server, i) => ({
      name: placeOf(server),
      says: [i === 0 ? 'master' : 'replica', ...complaintsOf(server)].join(', '),
    })),
  }
}

function readFields(reply: Reply | undefined): Record<string, string> {
  if (!isTexts(reply)) throw new Error('knows no such master')
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < reply.length; i += 2) pairs.push([reply[i] ?? '', reply[i + 1] ?? ''])
  return Object.fromEntries(pairs)
}

function placeOf({ ip = '?', port = '?' }: Readonly<Record<string, string>>): string {
  return `${ip}:${port}`
}

function complaintsOf({ flags = '' }: Readonly<Record<string, string>>): string[] {
  return flags.split(',').filter((flag) => ['s_down', 'o_down', 'disconnected', 'failover_in_progress'].includes(flag))
}
