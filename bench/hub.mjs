// `npm run bench:hub`: how long the hub takes to answer, what 50 pages on live updates cost, how much a first page loads.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { generatePlatform } from './generate-platform.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'bin/linchpin.js')
const PAGES = 50
const MEASURE_S = 20

const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-hub-'))
try {
  await measureAnswers()
  await measureStreams()
  measureScripts()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measureAnswers() {
  const vault = join(folder, 'large')
  mkdirSync(join(vault, 'system'), { recursive: true })
  writeFileSync(join(vault, 'system', 'large.yaml'), JSON.stringify(generatePlatform(500, 1)))
  const hub = await serve(vault)
  const { nodes } = await (await fetch(`${hub.address}/api/map`)).json()
  const times = []
  for (const { id } of nodes.slice(0, 40)) {
    const from = performance.now()
    await (await fetch(`${hub.address}/api/what-if?fail=${id}`)).json()
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  console.log(
    `what-if, ${nodes.length} components: median ${ms(times[20])}, slowest of 40 ${ms(times[39])} (asked: 100 ms)`,
  )
  await hub.stop()
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
    console.log(
      `${PAGES} pages: ${(share * 100).toFixed(1)} % of a core (30 %), ${rssMb(hub.pid).toFixed(0)} MB (250 MB)`,
    )
    stop.abort()
    await hub.stop()
  } finally {
    await once(spawn(process.execPath, [bin, 'lab', 'down', shop], { env, stdio: 'ignore' }), 'exit')
  }
}

/** What the first page takes: its program and everything that is loaded with it. */
function measureScripts() {
  const assets = join(root, 'web/dist/assets')
  const later = /^(map|drills|runbooks|live|docs|evidence|roadmap|component)-/
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js') && !later.test(name))
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0)
  console.log(`script of the first page: ${(bytes / 1024).toFixed(0)} KB gzip (350 KB)`)
}

async function serve(vault, env = process.env) {
  const server = spawn(process.execPath, [bin, 'serve', vault, '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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
