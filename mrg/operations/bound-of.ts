/** What Patroni says of its timing, in seconds. */
export interface PatroniTiming {
  readonly ttl: number
  readonly loop_wait: number
  readonly retry_timeout: number
}

/** etcd ends a lease up to half a second late. */
const LEASE_END_MS = 500
/** Whoever wants to lead asks each member, the dead one too; Patroni waits 2 s for an answer. */
const ASK_MEMBERS_MS = 2_000
const PROMOTION_MS = 1_000
/** In a doubt that lasts, services ask once a second who leads. */
const LOOK_MS = 1_000

/**
 * The longest that a crash of the leader may take until the services know the next one, in milliseconds: its lease was
 * renewed just before. Undefined when a loop and two retries do not fit into the lease: then it may be lost for nothing.
 * Source: docs/guide/high-availability.md.
 */
export function boundOf({ ttl, loop_wait: loop, retry_timeout: retry }: PatroniTiming): number | undefined {
  if (loop + 2 * retry > ttl) return undefined
  return ttl * 1_000 + LEASE_END_MS + ASK_MEMBERS_MS + PROMOTION_MS + LOOK_MS
}
