/**
 * Permission for one call. While closed every call of a generation carries the same number; each probe of a half-open
 * breaker has its own. A number that is no longer current marks a result of an earlier time: it is dropped.
 */
export type Ticket = number
