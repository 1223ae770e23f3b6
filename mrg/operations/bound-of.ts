/** What Patroni says of its timing, in seconds. */
export interface PatroniTiming {
  readonly ttl: number
  readonly loop_wait: number
  readonly retry_timeout: number
}

/** etcd ends a lease up to half a second late. */
const LEASE_END_MS = 500
/** Patroni watches the lease only where it sleeps for more than a second; else it sees its end in its next loop. */
const UNWATCHED_LOOP_MS = 1_000
/** Whoever wants to lead asks each member, and waits so long for one that is silent. */
const ASK_MEMBERS_MS = 2_000
const PROMOTION_MS = 1_000
/** Once the other standby has found the new leader, in its next loop: nothing is committed before it has attached. */
const ATTACH_MS = 1_000

/**
 * The longest that it may take after the end of a leader, dead, frozen or cut off, until another one commits, in milliseconds: its
 * lease was renewed just before. Undefined when a loop and two retries do not fit into the lease: then it may be lost for
 * nothing. Source: docs/guide/high-availability.md.
 */
export function boundOf({ ttl, loop_wait, retry_timeout }: PatroniTiming): number | undefined {
  if (loop_wait + 2 * retry_timeout > ttl) return undefined
  const loopMs = loop_wait * 1_000
  const seenMs = LEASE_END_MS + (loopMs <= UNWATCHED_LOOP_MS ? loopMs : 0)
  return ttl * 1_000 + seenMs + ASK_MEMBERS_MS + PROMOTION_MS + loopMs + ATTACH_MS
}
