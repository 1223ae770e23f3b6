import { REGIONS } from './regions.ts'
import type { RegionSources } from './sources.ts'

export interface WriteRegionsOptions {
  /** Everything as its evidence has it at a moment; asked for once for each moment that is needed. */
  readonly sourcesAt: (moment: Date) => RegionSources
  readonly now: Date
  /** When the newest record was made: evidence is never judged at an earlier moment than that. */
  readonly newestRecord: Date | undefined
  /** `sync` judges now, and `check` at the moment that each region states. */
  readonly mode: 'sync' | 'check'
}

/**
 * The text of each kind of region. One that evidence has a say in ends with the moment it was judged at. Syncing leaves
 * that line as it is while nothing above it changes, and checking judges at that moment: time alone makes no region out
 * of date, a new record or a changed model does. docs/decisions/702-moment-of-a-region.md
 */
export function createRegionWriters(options: WriteRegionsOptions): Record<string, (before: string) => string> {
  const entries = Object.entries(REGIONS).map(([name, { write, isDated }]) => {
    if (!isDated) return [name, () => write(options.sourcesAt(momentOf(options.now, options)))] as const
    return [
      name,
      (before: string) => writeDated(before, (moment) => write(options.sourcesAt(moment)), options),
    ] as const
  })
  return Object.fromEntries(entries)
}

const DATED = /(?:^|\n\n)\*As of (\d{4}-\d\d-\d\d \d\d:\d\d) UTC\.\*$/

function writeDated(before: string, write: (moment: Date) => string, options: WriteRegionsOptions): string {
  const stated = DATED.exec(before)
  const date = (text: string, minute: string) => `${text}\n\n*As of ${minute} UTC.*`
  if (options.mode === 'check' && stated?.[1]) {
    const moment = new Date(`${stated[1].replace(' ', 'T')}Z`)
    if (!Number.isNaN(moment.getTime())) return date(write(momentOf(moment, options)), stated[1])
  }
  const moment = momentOf(options.now, options)
  const text = write(moment)
  const isSame = stated !== null && before.slice(0, stated.index) === text
  return isSame ? before : date(text, moment.toISOString().slice(0, 16).replace('T', ' '))
}

/** A whole minute, as it is written down; but not before the newest record, which would then be ignored. */
function momentOf(moment: Date, { newestRecord }: WriteRegionsOptions): Date {
  const minute = new Date(Math.floor(moment.getTime() / 60_000) * 60_000)
  return newestRecord && newestRecord > minute ? newestRecord : minute
}
