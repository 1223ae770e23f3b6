import { openJournal } from '../journal.ts'

/**
 * What a rider saw of one order, from outside. Every key has one `intent`; then one of `acknowledged`, `refused` and
 * `uncertain` (nobody told the rider whether there is an order); `cancel-acknowledged` may follow.
 */
export interface LedgerLine {
  readonly at: string
  readonly kind: 'intent' | 'acknowledged' | 'refused' | 'uncertain' | 'cancel-acknowledged'
  /** The Idempotency-Key of the order. */
  readonly key: string
  readonly riderId: string
  readonly phone: string
  readonly orderId?: string
  readonly fareIdr?: number
  readonly latencyMs?: number
  /** Of the last answer, when there was one. */
  readonly status?: number
}

export interface AcknowledgedOrder {
  readonly orderId: string
  readonly phone: string
  readonly acknowledgedAtMs: number
}

export interface Ledger {
  /** How many orders were wanted so far, by earlier processes too. */
  readonly intents: number
  /** Orders acknowledged to earlier processes, from `sinceMs` on. */
  acknowledgedSince(sinceMs: number): AcknowledgedOrder[]
  /** The line is in the file when this returns. */
  append(line: Omit<LedgerLine, 'at'>): void
}

/** Opens `ledger.jsonl`. An intent that an earlier process left open is uncertain from now on. */
export function openLedger(folder: string): Ledger {
  const open = new Map<string, LedgerLine>()
  const acknowledged: AcknowledgedOrder[] = []
  let intents = 0
  const read = (line: LedgerLine) => {
    const { kind, key, orderId, phone, at } = line
    if (kind === 'intent') {
      intents += 1
      open.set(key, line)
    } else open.delete(key)
    if (kind === 'acknowledged' && orderId !== undefined)
      acknowledged.push({ orderId, phone, acknowledgedAtMs: Date.parse(at) })
  }
  const journal = openJournal<LedgerLine>({ folder, file: 'ledger.jsonl', read })
  const append = (line: Omit<LedgerLine, 'at'>) => {
    journal.append({ at: new Date().toISOString(), ...line })
    if (line.kind === 'intent') intents += 1
  }
  for (const { key, riderId, phone } of open.values()) append({ kind: 'uncertain', key, riderId, phone })
  return {
    get intents() {
      return intents
    },
    acknowledgedSince: (sinceMs) => acknowledged.filter(({ acknowledgedAtMs }) => acknowledgedAtMs >= sinceMs),
    append,
  }
}
