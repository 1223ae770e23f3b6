import pg from 'pg'
import * as z from 'zod'

const line = z.object({ at: z.string(), kind: z.string(), orderId: z.string().optional() })

/** An order that a rider was told of, and when. */
export interface Acknowledged {
  readonly orderId: string
  readonly atMs: number
}

export interface RestoredCounts {
  readonly orders: number
  readonly acknowledged: number
  /** Acknowledged, and not in what was restored. */
  readonly missing: number
  /** How much time is lost at most: from the last order before the first missing one to the last that was acknowledged. */
  readonly rpoMs: number
}

/** Of the riders' ledger; a line that is being written is not there yet. */
export function readAcknowledged(ledger: string): Acknowledged[] {
  const lines = ledger.split('\n').slice(0, -1)
  return lines.flatMap((text) => {
    const { at, kind, orderId } = line.parse(JSON.parse(text))
    return kind === 'acknowledged' && orderId !== undefined ? [{ orderId, atMs: Date.parse(at) }] : []
  })
}

/** Pure: what is missing among `there`, and how much time that is. */
export function compareRestored(acknowledged: readonly Acknowledged[], there: ReadonlySet<string>) {
  const missing = acknowledged.filter(({ orderId }) => !there.has(orderId))
  if (missing.length === 0) return { missing: 0, rpoMs: 0 }
  const moments = acknowledged.map(({ atMs }) => atMs)
  const firstMissing = Math.min(...missing.map(({ atMs }) => atMs))
  const before = moments.filter((moment) => moment < firstMissing)
  const kept = before.length > 0 ? Math.max(...before) : firstMissing
  return { missing: missing.length, rpoMs: Math.max(...moments) - kept }
}

export async function countRestored(url: string, acknowledged: readonly Acknowledged[]): Promise<RestoredCounts> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ order_id: string }>('select order_id from orders.orders')
    const there = new Set(rows.map(({ order_id: orderId }) => orderId))
    return { orders: there.size, acknowledged: acknowledged.length, ...compareRestored(acknowledged, there) }
  } finally {
    await client.end()
  }
}
