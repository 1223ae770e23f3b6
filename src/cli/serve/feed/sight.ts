import type { LiveFeed } from '../../../hub/index.ts'

/** What one look at a feed has shown. */
export type FeedSight = Pick<LiveFeed, 'state' | 'mode' | 'says' | 'members'>
