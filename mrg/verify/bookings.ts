export interface LedgerEntry {
  readonly at: string
  readonly key: string
  readonly kind: string
  readonly latencyMs?: number | undefined
}

export interface Bookings {
  /** Orders asked for since then that have an end: those still under way are not counted. */
  readonly ended: number
  readonly acknowledged: number
  /** From 0 to 1; absent when none has ended, so nobody knows. */
  readonly acknowledgedShare?: number
  /** The longest time between one acknowledgement and the next. */
  readonly silenceMsMax?: number
}

/** What became of the orders that riders asked for from `sinceMs` on. Pure. */
export function tellBookings(ledger: readonly LedgerEntry[], sinceMs: number): Bookings {
  const recent = ledger.filter(({ at }) => Date.parse(at) >= sinceMs)
  const asked = new Set(recent.filter(({ kind }) => kind === 'intent').map(({ key }) => key))
  const ends = recent.filter(
    ({ key, kind }) => asked.has(key) && ['acknowledged', 'refused', 'uncertain'].includes(kind),
  )
  const moments = ends.filter(({ kind }) => kind === 'acknowledged').map(({ at }) => Date.parse(at))
  const silences = moments.slice(1).map((moment, i) => moment - (moments[i] ?? moment))
  return {
    ended: ends.length,
    acknowledged: moments.length,
    ...(ends.length > 0 && { acknowledgedShare: moments.length / ends.length }),
    ...(silences.length > 0 && { silenceMsMax: Math.max(...silences) }),
  }
}
