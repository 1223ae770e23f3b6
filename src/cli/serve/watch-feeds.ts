import type { LiveFeed } from '../../hub/index.ts'
import { lookAtFeed } from './feed/look-at-feed.ts'
import type { LiveSettings } from './feed/settings.ts'

const LOOK_EVERY_MS = 2_000

export interface FeedWatch {
  /** What each feed showed last. */
  readonly sights: () => readonly LiveFeed[]
  readonly stop: () => void
}

/** Looks at every feed, again and again; a slow one holds up no other, and nothing else. */
export function watchFeeds(settings: () => LiveSettings): FeedWatch {
  const seen = new Map<string, LiveFeed>()
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const look = async () => {
    const { feeds } = settings()
    for (const name of seen.keys()) if (!(name in feeds)) seen.delete(name)
    await Promise.all(Object.entries(feeds).map(async ([name, feed]) => seen.set(name, await lookAtFeed(name, feed))))
    if (!isStopped) timer = setTimeout(() => void look(), LOOK_EVERY_MS)
  }
  void look()
  return {
    sights: () => Object.keys(settings().feeds).flatMap((name) => seen.get(name) ?? []),
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
