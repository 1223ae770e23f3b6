// `npm run bench:hub`: what the hub takes, beside what was asked for. A busy machine shows in every line: the load that it
// had is printed with them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { generatePlatform } from './generate-platform.mjs'
import { measureFirstPaint, measureMap, openChromium } from './hub/browser.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'bin/linchpin.js')
const PAGES = 50
const MEASURE_S = 20

const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-hub-'))
say('load of the machine', loadavg()[0].toFixed(1), 'less than its cores')
try {
  measureScripts()
  await measureAnswers()
  await measureSearch()
  if (existsSync('/usr/bin/chromium')) await measureBrowser()
  else say('pages', 'not measured', 'Chromium')
  await measureStreams()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measureAnswers() {
  const hub = await serve(writeVault(500))
  const { nodes } = await (await fetch(`${hub.address}/api/map`)).json()
  const times = []
  for (const { id } of nodes.slice(0, 40)) {
    const from = performance.now()
    await (await fetch(`${hub.address}/api/what-if?fail=${id}`)).json()
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  say(`what-if, ${nodes.length} components`, `median ${ms(times[20])}, slowest of 40 ${ms(times[39])}`, '100 ms')
  await hub.stop()
}

/** Over MRG's pages; the first search builds the index. */
async function measureSearch() {
  const hub = await serve(join(root, 'mrg/vault'))
  const times = []
  for (const words of ['warm', 'failover', 'patrni', 'dispatch desk', 'redis sentinel', 'bbd', 'orders lost', 'etcd']) {
    const from = performance.now()
    await (await fetch(`${hub.address}/api/search?q=${encodeURIComponent(words)}`)).json()
    times.push(performance.now() - from)
  }
  const known = times.slice(1).sort((a, b) => a - b)
  say('search', `median ${ms(known[3])}, slowest of 7 ${ms(known.at(-1))}, the first ${ms(times[0])}`, '50 ms')
  await hub.stop()
}

async function measureBrowser() {
  const browser = await openChromium()
  const mrg = await serve(join(root, 'mrg/vault'))
  const bare = await serveHeading()
  const floor = await measureFirstPaint(browser, bare.address)
  bare.server.close()
  const { times, cpuTimes } = await measureFirstPaint(browser, mrg.address)
  say(
    'a page of one heading',
    `median ${ms(floor.times[2])}, slowest of 5 ${ms(floor.times.at(-1))}`,
    'what this machine takes for nothing',
  )
  say(
    'first page of MRG',
    `median ${ms(times[2])}, slowest of 5 ${ms(times.at(-1))}; processor: ${ms(cpuTimes[2])}`,
    '1000 ms',
  )
  await mrg.stop()
  const hub = await serve(writeVault(40))
  const { nodes } = await (await fetch(`${hub.address}/api/map`)).json()
  const { moving, failing } = await measureMap(
    browser,
    hub.address,
    nodes.map(({ id }) => id),
  )
  say(`map of ${nodes.length} components, moved`, sayTasks(moving), 'no task over 50 ms')
  say(`map of ${nodes.length} components, failed`, sayTasks(failing), 'no task over 50 ms')
  await hub.stop()
  await browser.close()
}

/** The least that a page can be: what a browser on this machine takes to show anything. */
async function serveHeading() {
  const page = '<!doctype html><title>A heading</title><main><h1>A heading</h1></main>'
  const server = createServer((_request, response) => response.end(page)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, address: `http://127.0.0.1:${server.address().port}` }
}

function sayTasks({ tasks, longestCpuMs }) {
  const byClock =
    tasks.length === 0 ? 'none over 50 ms' : `${tasks.length} over 50 ms, longest ${ms(Math.max(...tasks))}`
  return `${byClock}; processor: ${ms(longestCpuMs)}`
}

function writeVault(size) {
  const vault = join(folder, `platform-${size}`)
  mkdirSync(join(vault, 'system'), { recursive: true })
  writeFileSync(join(vault, 'system', 'platform.yaml'), JSON.stringify(generatePlatform(size, 1)))
  return vault
}

/** Over the shop, whose lab runs. */
async function measureStreams() {
  const shop = join(folder, 'shop')
  cpSync(join(root, 'examples/shop'), shop, { recursive: true, filter: (path) => !path.includes('.linchpin') })
  const env = { ...process.env, LINCHPIN_PORT_BASE: '17000' }
  await once(spawn(process.execPath, [bin, 'lab', 'up', shop], { env, stdio: 'ignore' }), 'exit')
  try {
    const hub = await serve(join(shop, 'vault'), env)
    const stop = new AbortController()
    for (let page = 0; page < PAGES; page++) {
      const { body } = await fetch(`${hub.address}/api/events`, { signal: stop.signal })
      void body?.pipeTo(new WritableStream()).catch(() => undefined)
    }
    await pause(5_000)
    const before = cpuMs(hub.pid)
    await pause(MEASURE_S * 1000)
    const share = (cpuMs(hub.pid) - before) / (MEASURE_S * 1000)
    say(`${PAGES} pages on live updates`, `${(share * 100).toFixed(1)} % of a core`, '30 %')
    say('  memory of the server', `${rssMb(hub.pid).toFixed(0)} MB`, '250 MB')
    stop.abort()
    await hub.stop()
  } finally {
    await once(spawn(process.execPath, [bin, 'lab', 'down', shop], { env, stdio: 'ignore' }), 'exit')
  }
}

/** What the first page takes: its program, and everything that it imports. */
function measureScripts() {
  const assets = join(root, 'web/dist/assets')
  const index = readFileSync(join(root, 'web/dist/index.html'), 'utf8')
  const scripts = new Set(namesIn(index))
  for (const name of scripts) for (const other of namesIn(importsOf(join(assets, name)))) scripts.add(other)
  const bytes = [...scripts].reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0)
  say('script of the first page', `${(bytes / 1024).toFixed(0)} KB gzip`, '350 KB')
}

/** Those of a script that are loaded with it; what it loads later is in no import statement. */
function importsOf(file) {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:^|[;\n])import(?:[\w*{}\s,$]+from)?\s*(["'`][^"'`]+["'`])/g)]
    .map(([, name]) => name)
    .join('\n')
}

function namesIn(text) {
  return [...text.matchAll(/[./]([\w-]+\.js)["'`]/g)].map(([, name]) => name)
}

async function serve(vault, env = process.env) {
  const server = spawn(process.execPath, [bin, 'serve', vault, '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => server.kill('SIGTERM'))
  const [line] = await once(server.stdout, 'data')
  return {
    address: /http:\S+/.exec(String(line))?.[0],
    pid: server.pid,
    async stop() {
      server.kill('SIGTERM')
      await once(server, 'exit')
    },
  }
}

function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function rssMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

function ms(value) {
  return `${value.toFixed(0)} ms`
}

function say(what, measured, goal) {
  console.log(`${what.padEnd(34)} ${measured.padEnd(60)} asked: ${goal}`)
}
