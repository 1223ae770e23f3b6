import type { LiveFeed } from '../../../hub/index.ts'
import { unreachable } from '../../../source/index.ts'
import { ask, whyNot } from './ask.ts'
import { lookAtHttp } from './http.ts'
import { lookAtPatroni } from './patroni.ts'
import { lookAtPrometheus } from './prometheus.ts'
import { lookAtRabbitmq } from './rabbitmq.ts'
import { askRedis } from './redis.ts'
import { lookAtSentinel } from './sentinel.ts'
import type { Feed } from './settings.ts'
import type { FeedSight } from './sight.ts'

const REASON_MAX = 300

/** One look. Whom nobody could ask is unknown, never down. */
export async function lookAtFeed(name: string, feed: Feed): Promise<LiveFeed> {
  const of = { name, kind: feed.kind, component: feed.component }
  try {
    return { ...of, ...(await look(feed)) }
  } catch (error) {
    return { ...of, state: 'unknown', says: whyNot(error).slice(0, REASON_MAX), members: [] }
  }
}

function look(feed: Feed): Promise<FeedSight> {
  switch (feed.kind) {
    case 'http':
      return lookAtHttp(feed, ask)
    case 'patroni':
      return lookAtPatroni(feed, ask)
    case 'sentinel':
      return lookAtSentinel(feed, askRedis)
    case 'rabbitmq':
      return lookAtRabbitmq(feed, ask)
    case 'prometheus':
      return lookAtPrometheus(feed, ask)
    default:
      return unreachable(feed)
  }
}
