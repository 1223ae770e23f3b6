import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { openClient } from '../kernel/connect.ts'
import type { Books } from './audit.ts'

const WITHIN_MS = 20_000
/** News that is older has been heard, unless it is lost or still waits somewhere. */
const HEARD_WITHIN_S = 10

const ledgerLine = z.object({ key: z.string(), kind: z.string(), orderId: z.string().optional() })
const taxiBooks = z.object({
  orders: z.array(z.object({ reference: z.string(), bbdId: z.string(), state: z.string() })),
})
const chargeBooks = z.object({
  charges: z.array(
    z.object({ reference: z.string(), status: z.string(), capturedIdr: z.number(), refundedIdr: z.number() }),
  ),
})

export interface Sources {
  readonly database: string
  readonly ledger: string
  readonly bbd: string
  /** By name. */
  readonly gateways: Readonly<Record<string, string>>
}

/** Reads everybody's books. The ledger first: what is acknowledged meanwhile is not held against older books. */
export async function collectBooks(sources: Sources): Promise<Books> {
  const ledger = readLedger(sources.ledger)
  const orders = await readOrders(sources.database)
  const taxis = taxiBooks.parse(await readBooks(sources.bbd)).orders
  const charges = await Promise.all(
    Object.entries(sources.gateways).map(async ([gateway, url]) =>
      chargeBooks.parse(await readBooks(url)).charges.map((charge) => ({ ...charge, gateway })),
    ),
  )
  const known = new Set(orders.map(({ orderId }) => orderId))
  // Orders that came after ours were read.
  const isOurs = ({ reference }: { reference: string }) => known.has(reference)
  return { ledger, orders, taxis: taxis.filter(isOurs), charges: charges.flat().filter(isOurs) }
}

/** A line that is being written is not there yet. */
function readLedger(file: string): Books['ledger'] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => ledgerLine.parse(JSON.parse(line)))
}

async function readOrders(url: string): Promise<Books['orders']> {
  const client = openClient(url, {
    connectionTimeoutMillis: WITHIN_MS,
  })
  await client.connect()
  try {
    await client.query(`set statement_timeout to ${WITHIN_MS}`)
    const { rows } = await client.query(
      `select o.order_id as "orderId", i.key, o.state, (o.quote->>'fareIdr')::int as "fareIdr",
              p.state as payment, p.charge, d.state as dispatch,
              array_remove(array[
                ${unheard('order', 'o')}, ${unheard('payment', 'p')}, ${unheard('dispatch', 'd')}
              ], null) as unheard
       from orders.orders o join orders.idempotency i using (order_id)
       left join payments.payment p using (order_id) left join taxi.dispatch d using (order_id)
       left join orders_view.order_view v using (order_id)`,
    )
    return rows
  } finally {
    await client.end()
  }
}

/** The name of a topic whose latest news, in the books of the service that wrote them, are not in Order Detail's. */
function unheard(topic: string, table: string): string {
  return `case when ${table}.updated_at < now() - interval '${HEARD_WITHIN_S} s'
    and ${table}.version > coalesce((v."${topic}"->>'version')::int, -1) then '${topic}' end`
}

async function readBooks(url: string): Promise<unknown> {
  const response = await fetch(`${url}/books`, { signal: AbortSignal.timeout(WITHIN_MS) })
  if (!response.ok) throw new Error(`${url}/books answers ${response.status}`)
  return response.json()
}
