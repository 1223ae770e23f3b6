// Knows how many of each article are left. Reservations are in a file, so that a crash loses none.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { serve } from './serve.mjs'

const file = process.env.RESERVATIONS
const left = new Map([
  ['apple', 1_000_000],
  ['pear', 1_000_000],
])
/** By order: asking twice reserves once. */
const reservations = new Map()
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
for (const line of lines) keep(JSON.parse(line))

/** What it does badly on demand, and how often it did: a drill sees there that its fault has landed. */
const faults = new Map()
let suffered = 0

serve({
  'GET /articles': async () => {
    await suffer()
    return { articles: Object.fromEntries(left) }
  },
  'PUT /reservations': async ({ article }, order) => {
    await suffer()
    if (!left.has(article)) return { status: 404, error: `There is no article ${article}.` }
    if (!reservations.has(order)) {
      const reservation = { order, article }
      appendFileSync(file, `${JSON.stringify(reservation)}\n`)
      keep(reservation)
    }
    return { order, left: left.get(article) }
  },
  'GET /metrics': () => `stock_suffered_total ${suffered}\n`,
  'PUT /faults': (settings, fault) => {
    faults.set(fault, settings)
    return { fault }
  },
  'DELETE /faults': (_, fault) => {
    faults.delete(fault)
    return { fault }
  },
})

function keep(reservation) {
  reservations.set(reservation.order, reservation)
  left.set(reservation.article, left.get(reservation.article) - 1)
}

async function suffer() {
  if (faults.size > 0) suffered++
  const slow = faults.get('slow')
  if (slow) await pause(slow.delayMs)
  const hang = faults.get('hang')
  if (hang) await new Promise(() => {})
  if (faults.has('errors')) throw new Error('stock is told to fail')
}
