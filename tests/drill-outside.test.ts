import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDrillWorld, type DrillWorld } from './drill-world.ts'
import { isLiving, listProcessesOf, until } from './lab-world.ts'

// What others run is drilled for real: a process that the lab did not start, and that is broken only by what its file
// declares, only when somebody confirmed it.

/** A web page with numbers of stock, until it is told to do without them. */
const SERVER = `import { createServer } from 'node:http'
let isBroken = false, faults = 0
createServer((request, response) => {
  if (request.url === '/faults/no-stock') {
    isBroken = request.method === 'PUT'
    if (isBroken) faults++
  }
  if (request.url === '/state') return response.end(JSON.stringify({ isBroken: Number(isBroken), faults }))
  response.end(isBroken ? 'unknown' : '7')
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
`

let world: DrillWorld
let server: ChildProcess
let url: string

beforeAll(async () => {
  world = await createDrillWorld('lab: none\nparts: {}\n')
  writeFileSync(join(world.folder, 'server.mjs'), SERVER)
  server = spawn(process.execPath, [join(world.folder, 'server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise((resolve) => server.stdout?.once('data', (data) => resolve(String(data).trim())))
  url = `http://127.0.0.1:${port}`
  writeFileSync(join(world.folder, 'lab.yaml'), targetFile())
  world.writeDrill('no-stock', drill('no-stock'))
}, 60_000)

afterAll(async () => {
  await world.dispose()
  server.kill('SIGKILL')
}, 60_000)

const targetFile = () => `lab: shop-of-others
outside: staging
parts:
  stock:
    title: how much there is of everything
    ready: { http: "${url}/" }
    faults:
      no-stock:
        title: answers nothing about stock
        apply: { http: "PUT ${url}/faults/no-stock" }
        mend: { http: "DELETE ${url}/faults/no-stock" }
`

const drill = (fault: string, hold = '1s') => `drill: ${fault}
lab: ../../lab.yaml
timing: { before: 500ms, after: 500ms }
load: { visitors: { http: "GET ${url}/", rate: 20/s, degraded: { body: unknown } } }
probes: { broken: { http: "GET ${url}/state", field: isBroken, every: 100ms } }
method: [{ fault: ${fault}, target: stock, for: ${hold}, landed: { probe: broken, is: 1 } }]
expect: [{ load: visitors, served: ">= 99%", degraded: ">= 50%" }]
limits: { targets: [stock] }
`

async function state(): Promise<{ isBroken: number; faults: number }> {
  return (await (await fetch(`${url}/state`)).json()) as { isBroken: number; faults: number }
}

describe('a drill of what others run', { timeout: 120_000 }, () => {
  it('does nothing at all until its environment is confirmed', async () => {
    for (const words of [[], ['--confirm', 'production']]) {
      const { status, stderr } = await world.run('drill', 'run', 'no-stock', ...words)
      expect(stderr).toContain('This drill breaks what others run in staging (shop-of-others), not a lab of yours.')
      expect(stderr).toContain('with --confirm staging')
      expect(status).toBe(2)
    }
    expect(await state()).toEqual({ isBroken: 0, faults: 0 })
    expect((await world.status()).supervisor).toBe('none')
  })

  it('says in a dry run that it needs the word', async () => {
    const { stdout, status } = await world.run('drill', 'run', 'no-stock', '--dry-run')
    expect(stdout).toContain('On what others run in staging')
    expect(status).toBe(0)
  })

  it('breaks it once that is confirmed, mends it, and records where', async () => {
    const { status, stdout, stderr } = await world.run(
      'drill',
      'run',
      'no-stock',
      '--confirm',
      'staging',
      '--format',
      'json',
    )
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ environment: 'staging', verdict: 'supported' })
    expect(await state()).toEqual({ isBroken: 0, faults: 1 })
  })

  it('knows no fault but those that its file declares', async () => {
    world.writeDrill('kill', drill('kill'))
    const { status, stderr } = await world.run('drill', 'run', 'kill', '--confirm', 'staging')
    expect(stderr).toContain('stock has no fault "kill". It has no-stock.')
    expect(status).toBe(2)
  })

  it('is undone by its watchdog when the runner is killed', async () => {
    world.writeDrill('long', drill('no-stock', '60s').replace('drill: no-stock', 'drill: long'))
    const runner = world.begin('drill', 'run', 'long', '--confirm', 'staging')
    await until('it is broken', async () => (await state()).isBroken === 1)
    runner.kill('SIGKILL')
    await until('it is mended', async () => (await state()).isBroken === 0)
    await until('the journal is empty', () => world.journal().length === 0)
  })

  it('is still mended when what reaches it from here was killed, supervisor and all', async () => {
    const runner = world.begin('drill', 'run', 'long', '--confirm', 'staging')
    await until('it is broken', async () => (await state()).isBroken === 1)
    // As a power cut would: runner, watchdog, supervisor and what stands for the part.
    for (const pid of listProcessesOf(world.folder).filter((one) => one !== server.pid)) process.kill(pid, 'SIGKILL')
    await until('all of them are gone', () => !isLiving(runner.pid as number))
    expect((await state()).isBroken).toBe(1)
    const { stderr, status } = await world.run('drill', 'undo')
    expect(stderr).toContain('stock: no-stock is undone')
    expect(status).toBe(0)
    expect((await state()).isBroken).toBe(0)
  })

  it('lab break needs the word too, and lab down leaves what others run alone', async () => {
    await world.lab('up')
    const refused = await world.lab('break', 'stock', 'no-stock')
    expect(refused.stderr).toContain('nobody has said that it may be broken. Say so with --confirm staging.')
    expect(refused.status).toBe(2)
    expect((await world.lab('break', 'stock', 'no-stock', '--confirm', 'staging')).status).toBe(0)
    expect((await state()).isBroken).toBe(1)
    expect((await world.lab('mend')).status).toBe(0)
    expect((await state()).isBroken).toBe(0)
    await world.down()
    expect(isLiving(server.pid as number)).toBe(true)
  })
})
