// Takes orders: reserves at stock, writes the order down, and only then confirms it.
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { call, serve } from './serve.mjs'

const { STOCK, ORDERS } = process.env

serve({
  'GET /articles': () => call('GET', `${STOCK}/articles`),
  'POST /orders': async ({ article }) => {
    const order = randomUUID()
    await call('PUT', `${STOCK}/reservations/${order}`, { article })
    appendFileSync(ORDERS, `${JSON.stringify({ order, article })}\n`)
    return { status: 201, order }
  },
})
