// `npm run bench:mrg`: how many full bookings a second MRG takes on this machine, from the rider's first question to the
// partner's acceptance, beside the raw commit rate of the same PostgreSQL; how soon its breakers open; how big it is.
// Brings MRG up on ports of its own and takes it down again.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const root = fileURLToPath(new URL('..', import.meta.url))
const base = 15_000
const at = (port) => `http://127.0.0.1:${port + base}`
const database = `postgres://postgres@127.0.0.1:${7432 + base}/mrg`
const WARM_S = 20
const MEASURE_S = 20
const DRAIN_WITHIN_MS = 180_000
/** While breakers are measured. */
const BOOKINGS_BESIDE = 3

const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'))
cpSync(join(root, 'mrg/lab.yaml'), join(folder, 'lab.yaml'))
symlinkSync(join(root, 'mrg/dist'), join(folder, 'dist'))
try {
  lab('up')
  await ride(0)
  const commits = await measureCommits()
  console.log(`raw commits: ${commits.toFixed(0)} a second (8 connections, one insert each)`)
  console.log('\nfull bookings, over 20 s each after 20 s of warming up')
  for (const perSecond of [3, 5, 30]) await measureBookings(perSecond, commits)
  await ride(0)
  const left = await drain()
  console.log(`  then nobody rides any more: ${left.waiting} wait after ${left.tookS} s`)
  measureMemory()
  await measureBreaker('kill', 'crash')
  await measureBreaker('hang', 'hang')
  console.log(`\n${lab('verify').trim()}`)
} finally {
  lab('down')
  rmSync(folder, { recursive: true, force: true })
}

function lab(...args) {
  const env = { ...process.env, LINCHPIN_PORT_BASE: String(base) }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/linchpin.js'), 'lab', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  })
  if (status !== 0 && (args[0] === 'up' || args[0] === 'break'))
    throw new Error(`lab ${args.join(' ')}: ${stderr}${stdout}`)
  return stdout
}

async function ride(perSecond) {
  await send('PUT', `${at(7419)}/rate`, { perSecond })
}

async function send(method, url, body) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return response.json()
}

async function query(text) {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function measureCommits() {
  await query('create table if not exists bench (id bigint generated always as identity, text text)')
  const clients = Array.from({ length: 8 }, () => new pg.Client({ connectionString: database }))
  await Promise.all(clients.map((client) => client.connect()))
  const until = performance.now() + 5_000
  let count = 0
  const work = async (client) => {
    while (performance.now() < until) {
      await client.query("insert into bench (text) values ('a booking')")
      count++
    }
  }
  await Promise.all(clients.map(work))
  await Promise.all(clients.map((client) => client.end()))
  await query('drop table bench')
  return count / 5
}

/** From the order's commit to the partner's acceptance, by the books of both; and what riders waited for their yes. */
async function measureBookings(perSecond, commits) {
  await ride(perSecond)
  await pause(WARM_S * 1000)
  const from = new Date()
  await pause(MEASURE_S * 1000)
  const to = new Date()
  const { last10s } = await send('GET', `${at(7419)}/status`)
  const created = new Map(
    (await query('select order_id, created_at from orders.orders')).map((r) => [r.order_id, r.created_at]),
  )
  const { orders } = await send('GET', `${at(7411)}/books`)
  const accepted = orders
    .map(({ reference, createdAt }) => ({ reference, at: new Date(createdAt) }))
    .filter(({ at }) => at >= from && at <= to)
  const waits = accepted.flatMap(({ reference, at }) => (created.has(reference) ? [at - created.get(reference)] : []))
  waits.sort((a, b) => a - b)
  const quantile = (q) => waits[Math.min(waits.length - 1, Math.floor(waits.length * q))] ?? Number.NaN
  const rate = accepted.length / MEASURE_S
  console.log(
    `  asked ${String(perSecond).padStart(2)}/s: ${rate.toFixed(1)}/s accepted = 1 : ${(commits / rate).toFixed(0)} raw commits;` +
      ` yes after p50 ${last10s.p50Ms} p99 ${last10s.p99Ms} ms; accepted after p50 ${quantile(0.5)} p99 ${quantile(0.99)} ms`,
  )
}

function measureMemory() {
  const { parts } = JSON.parse(lab('status', '--format', 'json'))
  const sizes = parts
    .filter(({ part, pid }) => pid && part !== 'postgresql')
    .map(({ name, pid }) => [
      name,
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    ])
    .sort(([, a], [, b]) => b - a)
  console.log(`\nmemory: ${sizes.map(([name, size]) => `${name} ${size.toFixed(0)} MB`).join(', ')}`)
}

/**
 * How long after the fault the breakers for BBD are open: that of its vehicles, which is asked 20 times a second, and that of its
 * bookings, of which there are as many as this machine takes.
 */
async function measureBreaker(fault, word) {
  await ride(BOOKINGS_BESIDE)
  let asked = 0
  const asking = setInterval(() => {
    // What is answered does not matter here.
    fetch(`${at([7405, 7406][asked++ % 2])}/vehicles?lat=-6.2&lng=106.8`).then(
      (response) => response.text(),
      () => undefined,
    )
  }, 50)
  await pause(10_000)
  const since = performance.now()
  lab('break', 'bbd', fault)
  const [vehicles, bookings] = await Promise.all(
    ['taxi-partner-gateway>bbd-tracking', 'taxi-partner-gateway>bbd'].map(async (guard) => {
      // A connection that was kept open may end just then.
      while (!(await isOpen(guard).catch(() => false))) await pause(50)
      return ((performance.now() - since) / 1000).toFixed(1)
    }),
  )
  clearInterval(asking)
  console.log(
    `after a ${word} of BBD its breakers are open: vehicles (20 calls/s) after ${vehicles} s, bookings (${BOOKINGS_BESIDE}/s) after ${bookings} s`,
  )
  lab('mend', 'bbd')
  await ride(0)
  const left = await drain()
  console.log(
    left.waiting === 0 ? `  mended, and nothing waits after ${left.tookS} s` : `  mended; ${left.waiting} still wait`,
  )
}

/** Until every order has its taxi or has none, for three minutes at most. */
async function drain() {
  const since = performance.now()
  let waiting = await countWaiting()
  while (waiting > 0 && performance.now() - since < DRAIN_WITHIN_MS) {
    await pause(1_000)
    waiting = await countWaiting()
  }
  return { waiting, tookS: ((performance.now() - since) / 1000).toFixed(0) }
}

async function countWaiting() {
  const states = "'PENDING_DISPATCH','DISPATCH_UNKNOWN','MANUAL_QUEUE'"
  const [{ n }] = await query(
    `select (select count(*) from taxi.dispatch where state in (${states}))::int
       + (select count(*) from orders.orders where state = 'CREATED')::int as n`,
  )
  return n
}

async function isOpen(guard) {
  const states = await Promise.all(
    [7405, 7406].map(async (port) => {
      const { guards } = await send('GET', `${at(port)}/guards`)
      return guards.find(({ dependency }) => dependency === guard).state.breaker.state
    }),
  )
  return states.includes('open')
}
