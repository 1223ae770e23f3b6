import { describeLive, type HubLive, nothingSeen, type SentAlert, type Sight, type Snapshot } from '../../hub/index.ts'
import type { LabFile } from '../../lab/index.ts'
import type { LiveSettings } from './feed/settings.ts'
import { lookAtLab } from './look-at-lab.ts'
import { watchFeeds } from './watch-feeds.ts'

const LOOK_EVERY_MS = 1_000

interface WatchOptions {
  /** Read anew each time: it may be edited, or come later. */
  readonly findLab: () => LabFile | undefined
  /** As it was last readable: at three in the morning, a slip in a file must not make this page blind. */
  readonly read: () => Snapshot
  readonly settings: () => LiveSettings
  readonly alerts: () => readonly SentAlert[]
  readonly onSight: (live: HubLive) => void
}

/** Looks once a second: at the lab, and at what feeds and alerts have told meanwhile. */
export function watchLive({ findLab, read, settings, alerts, onSight }: WatchOptions): { stop(): void } {
  const feeds = watchFeeds(settings)
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let before: HubLive | undefined
  let told = ''
  // The moment alone is no news: a page that shows the same is left in peace.
  const tell = (live: HubLive) => {
    const { at: _, ...sight } = live
    const text = JSON.stringify(sight)
    if (text !== told) onSight(live)
    told = text
    before = live
  }
  const look = async () => {
    const file = findLab()
    const lab = file && (await lookAtLab(file))
    const sight: Sight = {
      at: new Date(),
      lab: lab?.name,
      parts: lab?.parts ?? [],
      breakers: lab?.breakers ?? [],
      feeds: feeds.sights(),
      alerts: alerts(),
    }
    const isBlind = !lab?.isUp && Object.keys(settings().feeds).length + sight.alerts.length === 0
    tell(isBlind ? nothingSeen(sight.at, lab?.name) : describeLive(read().assessment, sight, before))
  }
  const again = () => {
    void look()
      .catch(() => tell(nothingSeen(new Date(), undefined)))
      .finally(() => {
        if (!isStopped) timer = setTimeout(again, LOOK_EVERY_MS)
      })
  }
  again()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
      feeds.stop()
    },
  }
}
