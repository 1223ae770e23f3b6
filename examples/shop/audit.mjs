// Looks for every order that was confirmed to the users of a drill, one by one. Prints counts as JSON.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const { LINCHPIN_ACKNOWLEDGED, LINCHPIN_LAB_DATA } = process.env
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse) : [])
const shops = readdirSync(LINCHPIN_LAB_DATA).filter((name) => name.startsWith('shop'))
const written = shops.flatMap((name) => read(join(LINCHPIN_LAB_DATA, name, 'orders.jsonl'))).map(({ order }) => order)
const confirmed = readdirSync(LINCHPIN_ACKNOWLEDGED).flatMap((name) => read(join(LINCHPIN_ACKNOWLEDGED, name)))

const known = new Set(written)
const missing = confirmed.filter((order) => !known.has(order)).length
const doubled = written.length - known.size
console.log(JSON.stringify({ acknowledged: confirmed.length, missing, doubled }))
