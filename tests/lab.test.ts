import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createWorld, isListening, type LabWorld, listProcessesOf, until, waitForEnd } from './lab-world.ts'

// The command line of labs: what is wrong is said before anything starts; logs, profiles, jobs, restarts.

const worlds: LabWorld[] = []
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.dispose()))
})

async function createLab(text?: string): Promise<LabWorld> {
  const world = await createWorld(text)
  worlds.push(world)
  return world
}

const idle = `[node, -e, "console.log('hello'); setInterval(() => {}, 1e6)"]`

describe('what is wrong ends with exit code 2, before anything starts', () => {
  it('in the file, with each place and its cure', async () => {
    const world = await createLab(`
lab: wrong
parts:
  stock: { comand: [node] }
  shop: { command: ${idle}, depends-on: [stok] }
`)
    const { status, stderr } = await world.lab('up')
    expect(status).toBe(2)
    expect(stderr).toContain('lab.yaml:4:12 "comand" is not a key here. Did you mean "command"?')
    expect(stderr).toContain('nothing was started')
  })

  it('on the machine: commands, folders, users and ports, all at once', async () => {
    const world = await createLab(`
lab: wrong
parts:
  fine: { command: ${idle}, port: 7600 }
  a: { command: [no-such-program] }
  b: { command: [./no-such-script] }
  c: { command: ${idle}, folder: nowhere }
  d: { command: ${idle}, user: nobody-of-that-name }
`)
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(7600 + world.portBase, '127.0.0.1', resolve))
    const { status, stderr } = await world.lab('up')
    await new Promise((resolve) => holder.close(resolve))
    expect(status).toBe(2)
    const lines = stderr.split('\n')
    expect(lines.find((line) => line.includes('lab.yaml:4:'))).toContain(
      `Port ${7600 + world.portBase} of fine is in use`,
    )
    expect(lines.find((line) => line.includes('lab.yaml:5:8'))).toContain('"no-such-program" is not on PATH')
    expect(lines.find((line) => line.includes('lab.yaml:6:8'))).toContain('There is no program ./no-such-script')
    expect(lines.find((line) => line.includes('lab.yaml:7:'))).toContain('does not exist')
    expect(lines.find((line) => line.includes('lab.yaml:8:'))).toContain('no user "nobody-of-that-name"')
    expect(listProcessesOf(world.folder)).toEqual([])
  })

  it('on the command line', async () => {
    const world = await createLab(`lab: one\nparts:\n  stock: { command: ${idle} }\n`)
    const wrong = async (...args: string[]) => {
      const { status, stderr } = await world.lab(...args)
      return `${status} ${stderr.trim()}`
    }
    expect(await wrong('break', 'stock', 'kill')).toBe('2 The lab one is not up. Run linchpin lab up.')
    expect(await wrong('verify')).toContain('2 lab.yaml declares no verify command')
    await world.up()
    expect(await wrong('break', 'stok', 'kill')).toContain(
      'no part or link "stok" in the profile all. Did you mean "stock"?',
    )
    expect(await wrong('break', 'stock', 'freze')).toBe(
      '2 stock has no fault "freze". Did you mean "freeze"? It has kill, freeze, deploy.',
    )
    expect(await wrong('break', 'stock', 'kill', 'delay=1s')).toContain('has no setting "delay"')
    expect(await wrong('logs', 'stok')).toContain('Did you mean "stock"?')
    expect(await wrong('up', 'nowhere')).toBe('2 nowhere does not exist. Name a lab.yaml or the folder of one.')
    expect((await world.status()).parts[0]?.state).toBe('ready')
  })
})

it('a changed lab.yaml does not change what runs: up asks for down first', async () => {
  const world = await createLab(`lab: one\nparts:\n  stock: { command: ${idle} }\n`)
  await world.up()
  writeFileSync(`${world.folder}/lab.yaml`, `lab: one\nparts:\n  stock: { command: ${idle}, restart: never }\n`)
  const { status, stderr } = await world.lab('up')
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: 'stock runs as it was in an older lab.yaml. Run linchpin lab down first.\n',
  })
  writeFileSync(`${world.folder}/lab.yaml`, 'lab: [broken')
  expect((await world.lab('down')).stderr).toContain('down: 1 stopped.')
})

it('a fault that a part does not accept changes nothing, and one that cannot be mended stays on record', async () => {
  const world = await createLab(`
lab: stubborn
parts:
  stock:
    command: [node, -e, "require('http').createServer((q, r) => { r.statusCode = q.method === 'PUT' && q.url !== '/no' ? 200 : q.url === '/fine' ? 200 : 500; r.end() }).listen(\${port}, '\${host}')"]
    port: 7600
    ready: { tcp: "\${host}:\${port}" }
    faults:
      refused: { apply: { http: "PUT http://\${host}:\${port}/no" }, mend: { http: "DELETE http://\${host}:\${port}/fine" } }
      sticky: { apply: { http: "PUT http://\${host}:\${port}/yes" }, mend: { http: "DELETE http://\${host}:\${port}/yes" } }
`)
  await world.up()
  const refused = await world.lab('break', 'stock', 'refused')
  expect(refused.status).toBe(3)
  expect(refused.stderr).toMatch(/^stock is not broken: PUT .* answers 500\. Nothing was changed\.\n$/)
  expect((await world.status()).parts[0]?.faults).toEqual([])

  expect((await world.lab('break', 'stock', 'sticky')).status).toBe(0)
  const mended = await world.lab('mend')
  expect(mended.status).toBe(3)
  expect(mended.stderr).toContain('stock: sticky stays: DELETE')
  expect((await world.status()).parts[0]?.faults).toEqual(['sticky'])
  await world.breakPart('stock', 'kill')
  await world.mendPart()
  expect((await world.status()).parts[0]).toMatchObject({ state: 'ready', faults: [] })
})

it('a job is done before what depends on it starts; a part is prepared before it starts', async () => {
  const world = await createLab(`
lab: jobs
parts:
  migrate: { command: [node, -e, "console.log('migrated')"], ready: { end: true } }
  service:
    command: [node, -e, "console.log(require('fs').readFileSync('\${data}/made', 'utf8')); setInterval(() => {}, 1e6)"]
    prepare: { command: [node, -e, "require('fs').writeFileSync('\${data}/made', 'prepared')"], unless: "\${data}/made" }
    ready: { log: "^prepared$" }
    depends-on: [migrate]
`)
  await world.up()
  expect((await world.status()).parts.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'migrate done',
    'service ready',
  ])
  expect((await world.lab('logs')).stdout).toBe('migrate | migrated\nservice | prepared\n')
})

it('a part that crashes again and again is given up, and status says why', async () => {
  const world = await createLab(`
lab: crashing
parts:
  flaky: { command: [node, -e, "setTimeout(() => process.exit(7), 300)"], restart: { when: always, attempts: 2 } }
`)
  await world.up()
  await until('it is given up', async () => (await world.status()).parts[0]?.state === 'failed')
  const { status, stdout } = await world.lab('status')
  expect(status).toBe(1)
  expect(stdout).toContain('flaky: ended with status 7; given up after 2 starts in a row')
})

it('two ups at once: one works, the other says so or finds it done', async () => {
  const world = await createLab(`lab: one\nparts:\n  stock: { command: ${idle}, ready: { log: hello } }\n`)
  const both = await Promise.all([waitForEnd(world.start('up')), waitForEnd(world.start('up'))])
  expect(both.map(({ status }) => status)).toContain(0)
  const other = both.find(({ stderr }) => !stderr.includes('1 started'))
  expect(other?.stderr).toMatch(/0 started; 1 ran already|Another linchpin lab command is at work/)
  expect(listProcessesOf(world.folder)).toHaveLength(2)
  expect(await isListening(7600 + world.portBase)).toBe(false)
})
