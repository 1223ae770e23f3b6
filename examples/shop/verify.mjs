// Compares the books: every confirmed order has exactly one reservation. Prints the counts and each violation.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [data = '.'] = process.argv.slice(2)
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse) : [])
const shops = readdirSync(data).filter((name) => name === 'shop' || name.startsWith('shop.'))
const orders = shops.flatMap((name) => read(join(data, name, 'orders.jsonl')))
const reservations = read(join(data, 'stock', 'reservations.jsonl'))

const count = new Map()
for (const { order } of reservations) count.set(order, (count.get(order) ?? 0) + 1)
const violations = [
  ...orders.filter(({ order }) => !count.has(order)).map(({ order }) => `${order} was confirmed and never reserved`),
  ...[...count].filter(([, times]) => times > 1).map(([order, times]) => `${order} was reserved ${times} times`),
]
console.log(`${orders.length} orders, ${reservations.length} reservations, ${violations.length} violations`)
for (const violation of violations) console.log(violation)
process.exitCode = violations.length > 0 ? 1 : 0
