import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explainNoMachines } from '../src/lab/machine/machines.ts'
import { createDrillWorld, type DrillWorld } from './drill-world.ts'
import { until } from './lab-world.ts'

// Every fault for real, all at once on different targets of one lab: applied, seen to land, undone, nothing left.
// Then again with the runner killed in between, and with undos that fail.

const isRoot = process.getuid?.() === 0
const ALWAYS = ['killed', 'frozen', 'restarted', 'deployed', 'skewed', 'throttled', 'full', 'told', 'slow', 'cut']
/** `severed` is on a machine of its own. */
const hasMachines = explainNoMachines() === undefined
const PARTS = [...ALWAYS, ...(hasMachines ? ['severed'] : [])]
const LINKS = ['restarted', 'deployed', 'skewed', 'full', 'slow', 'told', 'cut']
const hasClock = existsSync('/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1')

/** Answers, counts what it was asked while told to fail, asks everything it has a link to. */
const PART = `
import { createServer, get } from 'node:http'
import { appendFileSync, existsSync } from 'node:fs'
const { HOST, PORT, LINKS = '', DATA, BLOCK } = process.env
let isTold = false
let suffered = 0
createServer((request, response) => {
  const { method, url } = request
  if (url === '/told') {
    if (method === 'DELETE' && existsSync(BLOCK)) return response.writeHead(503).end()
    isTold = method === 'PUT'
  }
  if (url === '/metrics') return response.end(\`suffered_total{kind="told"} \${suffered}\\n\`)
  if (url === '/ask' && isTold) { suffered++; return response.writeHead(500).end() }
  if (url === '/ask') for (const port of LINKS.split(' ').filter(Boolean))
    get(\`http://127.0.0.1:\${port}/ask\`, { agent: false, timeout: 2000 }, (answer) => answer.resume()).on('error', () => {})
  if (url === '/ask') try { appendFileSync(DATA + '/asked', 'x') } catch {}
  response.end('fine')
}).listen(Number(PORT), HOST)
`

const LAB = `lab: broken
environment: { BLOCK: "\${dir}/block", HOST: "\${host}" }
parts:
${PARTS.map(
  (name, i) => `  ${name}:
    command: [node, part.mjs]${name === 'severed' ? '\n    machine: far' : ''}
    port: ${7601 + i}
    environment: { PORT: "\${port}", DATA: "\${data}" }
    ready: { http: "http://\${host}:\${port}/ready", within: 60s }
    restart: always
    faults:
      told: { apply: { http: "PUT http://\${host}:\${port}/told" }, mend: { http: "DELETE http://\${host}:\${port}/told" } }
`,
).join('')}  front:
    command: [node, part.mjs]
    port: 7600
    links: { ${LINKS.map((name, i) => `${name}: ${7613 + i}`).join(', ')} }
    environment: { PORT: "\${port}", DATA: "\${data}", LINKS: "${LINKS.map((name) => `\${link.${name}}`).join(' ')}" }
    depends-on: [${PARTS.join(', ')}]
    ready: { http: "http://\${host}:\${port}/ready", within: 60s }
    restart: always
`

const STEPS: [fault: string, target: string, rest?: string][] = [
  ['kill', 'killed'],
  ['freeze', 'frozen'],
  ['restart', 'restarted'],
  ['deploy', 'deployed', ', settings: { environment: { EXTRA: "1" } }'],
  ...(hasClock ? [['clock', 'skewed', ', settings: { offset: +1h }'] as [string, string, string]] : []),
  ['cpu', 'throttled', ', settings: { share: 20% }'],
  ...(isRoot ? [['disk-full', 'full'] as [string, string]] : []),
  ['told', 'told', ', landed: { probe: suffered, rises: ">= 1" }'],
  ['latency', '"front>restarted"', ', settings: { delay: 20ms }'],
  ['blackhole', '"front>deployed"'],
  ['reset', '"front>skewed"'],
  ['refuse', '"front>full"'],
  ['bandwidth', '"front>slow"', ', settings: { rate: 1kB/s }'],
  ['loss', '"front>told"', ', settings: { share: 30% }'],
  ['partition', 'cut'],
  ...(hasMachines ? [['cut', 'severed'] as [string, string]] : []),
  ['memory', 'machine', ', settings: { size: 32MB }'],
]

function writeDrillFile(steps: typeof STEPS, hold: string): string {
  return `drill: all
lab: ../../lab.yaml
load: { users: { http: "GET http://\${host}:\${port.front}/ask", rate: 20/s } }
probes: { suffered: { metric: 'suffered_total{kind="told"}', url: "http://\${host}:\${port.told}/metrics" } }
method:
${steps.map(([fault, target, rest = '']) => `  - { fault: ${fault}, target: ${target}, for: ${hold}, live: 120s${rest} }`).join('\n')}
expect: [{ load: users, served: ">= 10%" }]
timing: { before: 300ms, after: 300ms }
limits: { targets: [machine, ${[...PARTS, ...LINKS.map((name) => `"front>${name}"`)].join(', ')}] }
`
}

let world: DrillWorld
beforeAll(async () => {
  world = await createDrillWorld(LAB, { 'part.mjs': PART })
  world.writeDrill('all', writeDrillFile(STEPS, '3s'))
  await world.up()
}, 120_000)
afterAll(() => world.dispose(), 120_000)

/** Nothing is left: everything ready, no fault on record, nothing mounted, no helper, an empty journal. */
async function expectNothingLeft(): Promise<void> {
  await until('every part is ready', async () => (await world.status()).parts.every(({ state }) => state === 'ready'))
  const { parts, links } = await world.status()
  expect([...parts, ...links].flatMap(({ faults }) => faults)).toEqual([])
  expect(world.journal()).toEqual([])
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(world.folder)
}

interface Result {
  readonly verdict: string
  readonly because: string
  readonly trials: { landings: { fault: string; isSeen: boolean; how: string }[]; left: string[] }[]
}

describe('every fault', { timeout: 300_000 }, () => {
  it('is applied, seen to land, and undone without a trace', async () => {
    const { stdout, stderr } = await world.run('drill', 'run', 'all', '--format', 'json')
    const result = JSON.parse(stdout || '{}') as Result
    const landings = result.trials?.[0]?.landings ?? []
    expect(
      landings.filter(({ isSeen }) => !isSeen),
      stderr,
    ).toEqual([])
    expect(landings.map(({ fault }) => fault).sort()).toEqual(STEPS.map(([fault]) => fault).sort())
    expect(result.trials[0]?.left).toEqual([])
    expect(result.verdict).toBe('supported')
    await expectNothingLeft()
  })

  it('is undone by the watchdog when its runner is killed in between', async () => {
    world.writeDrill('all', writeDrillFile(STEPS, '60s'))
    const runner = world.begin('drill', 'run', 'all')
    let text = ''
    runner.stderr?.on('data', (data) => {
      text += data
    })
    await until('every fault landed', () => text.split(' landed: ').length > STEPS.length, 150_000)
    runner.kill('SIGKILL')
    await until('the journal is empty', () => world.journal().length === 0, 150_000)
    await expectNothingLeft()
  })

  it('stays on record while its undo fails, and is undone once it can be', async () => {
    world.writeDrill(
      'all',
      writeDrillFile(
        [
          ['told', 'told', ', landed: { probe: suffered, rises: ">= 1" }'],
          ['freeze', 'frozen'],
        ],
        '1s',
      ),
    )
    writeFileSync(join(world.folder, 'block'), '')
    const { stdout, stderr, status } = await world.run('drill', 'run', 'all')
    expect(status).toBe(3)
    expect(stderr.split('the undo of told of told failed').length).toBe(4)
    expect(stdout).toContain('UNKNOWN')
    expect(stdout).toMatch(/left +told of told: DELETE .* answers 503. Run linchpin drill undo/)
    expect(world.journal()).toMatchObject([{ fault: 'told', target: 'told' }])
    const refused = await world.run('drill', 'run', 'all')
    expect(refused).toMatchObject({ status: 3 })
    expect(refused.stderr).toContain('told of told is left of the drill all.')
    rmSync(join(world.folder, 'block'))
    // Either the watchdog was there first, or the command does it.
    await world.run('drill', 'undo')
    await expectNothingLeft()
  })

  it('is undone by lab up when runner and watchdog are both gone', async () => {
    world.writeDrill(
      'all',
      writeDrillFile(
        [
          ['freeze', 'frozen'],
          ['cpu', 'throttled'],
        ],
        '60s',
      ),
    )
    const runner = world.begin('drill', 'run', 'all')
    let text = ''
    runner.stderr?.on('data', (data) => {
      text += data
    })
    await until('every fault landed', () => text.split(' landed: ').length > 2, 150_000)
    const folder = join(world.folder, '.linchpin/drills')
    const [name = ''] = readdirSync(folder)
    const watchdog = JSON.parse(readFileSync(join(folder, name, 'watchdog.json'), 'utf8')) as { pid: number }
    process.kill(watchdog.pid, 'SIGKILL')
    runner.kill('SIGKILL')
    await until('the runner is gone', () => runner.signalCode !== null)
    expect(world.journal()).toHaveLength(2)
    const { stderr } = await world.lab('up')
    expect(stderr).toContain('frozen: freeze of the drill all was left, and is undone')
    await expectNothingLeft()
  })
})
