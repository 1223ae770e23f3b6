import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createWorld, isListening, isLiving, type LabWorld, listProcessesOf, until, waitForEnd } from './lab-world.ts'

// What is left when somebody is killed in the middle: nothing that `lab down` cannot clean, and nothing else is touched.

const worlds: LabWorld[] = []
const children: { kill: (signal: 'SIGKILL') => unknown }[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(worlds.splice(0).map((world) => world.dispose()))
})

async function createLab(text: string, env?: Record<string, string>): Promise<LabWorld> {
  const world = await createWorld(text, env)
  worlds.push(world)
  return world
}

/** Two servers, the second after the first. */
const PAIR = `
lab: pair
parts:
  first: { command: [node, -e, "require('http').createServer((q, r) => r.end()).listen(\${port}, '\${host}')"], port: 7600, ready: { tcp: "\${host}:\${port}" }, restart: always }
  second: { command: [node, -e, "require('http').createServer((q, r) => r.end()).listen(\${port}, '\${host}')"], port: 7601, ready: { tcp: "\${host}:\${port}" }, depends-on: [first], restart: always, links: { first: 7602 } }
`
/** The first comes up, the second never does. */
const NEVER = `
lab: never
parts:
  first: { command: [node, -e, "setInterval(() => {}, 1e6)"] }
  second: { command: [node, -e, "console.log('trying hard'); setInterval(() => {}, 1e6)"], ready: { log: "never said", within: 60s }, depends-on: [first] }
`

const stateOf = (world: LabWorld, lab: string) => join(world.folder, '.linchpin/labs', lab)
const supervisorOf = (world: LabWorld, lab: string): number =>
  JSON.parse(readFileSync(join(stateOf(world, lab), 'supervisor.json'), 'utf8')).pid
/** And waits until it is gone: the signal alone ends nobody. */
const killSupervisor = async (world: LabWorld, lab: string): Promise<void> => {
  const pid = supervisorOf(world, lab)
  process.kill(pid, 'SIGKILL')
  await until('the supervisor is gone', () => !isLiving(pid))
}
const pidsOf = async (world: LabWorld) => (await world.status()).parts.map(({ pid }) => pid)

async function waitUntilSecondRuns(world: LabWorld): Promise<void> {
  const log = join(stateOf(world, 'never'), 'logs/second.log')
  await until('the second part runs', () => {
    try {
      return readFileSync(log, 'utf8').includes('trying hard')
    } catch {
      return false
    }
  })
}

describe('a supervisor killed by SIGKILL', () => {
  it('leaves parts that status tells of, that up takes over, and that are restarted again', async () => {
    const world = await createLab(PAIR)
    await world.up()
    const before = await pidsOf(world)
    await killSupervisor(world, 'pair')
    const { supervisor, parts, links } = await world.status()
    expect({ supervisor, links: links.map(({ state }) => state) }).toEqual({ supervisor: 'dead', links: ['closed'] })
    expect(parts.map(({ state }) => state)).toEqual(['ready', 'ready'])

    expect((await world.lab('up')).stderr).toContain('0 started; 2 ran already')
    expect(await pidsOf(world)).toEqual(before)
    expect(await isListening(7602 + world.portBase)).toBe(true)
    process.kill(before[0] ?? 0, 'SIGKILL')
    await until('the first part runs again', async () => {
      const [first] = (await world.status()).parts
      return first?.state === 'ready' && first.pid !== before[0] && first.restarts === 1
    })
  })

  it('leaves nothing that down cannot clean', async () => {
    const world = await createLab(PAIR)
    await world.up()
    await killSupervisor(world, 'pair')
    expect((await world.lab('down')).stderr).toContain('down: 2 stopped.')
    expect(listProcessesOf(world.folder)).toEqual([])
  })

  it('keeps a part that is killed on purpose down when another one takes over', async () => {
    const world = await createLab(PAIR)
    await world.up()
    await world.breakPart('first', 'kill')
    await killSupervisor(world, 'pair')
    await world.up()
    expect((await world.status()).parts[0]).toMatchObject({ state: 'held', faults: ['kill'] })
    await world.mendPart()
    expect((await world.status()).parts[0]).toMatchObject({ state: 'ready', faults: [] })
  })
})

it('a supervisor that hangs does not stop down', async () => {
  const world = await createLab(PAIR)
  await world.up()
  process.kill(supervisorOf(world, 'pair'), 'SIGSTOP')
  expect((await world.status()).supervisor).toBe('silent')
  expect((await world.lab('down')).status).toBe(0)
  expect(listProcessesOf(world.folder)).toEqual([])
})

describe('up, interrupted', () => {
  it('by Ctrl-C stops what it started', async () => {
    const world = await createLab(NEVER)
    const runner = world.start('up')
    const ended = waitForEnd(runner)
    await waitUntilSecondRuns(world)
    runner.kill('SIGINT')
    const { status, stderr } = await ended
    expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining('nothing that was started') })
    expect(listProcessesOf(world.folder)).toEqual([])
  })

  it('by SIGKILL leaves nothing: the supervisor undoes what is half done', async () => {
    const world = await createLab(NEVER)
    const runner = world.start('up')
    await waitUntilSecondRuns(world)
    runner.kill('SIGKILL')
    await until('all is stopped', () => listProcessesOf(world.folder).length === 0)
  })

  it('by SIGKILL with its supervisor leaves what down cleans', async () => {
    const world = await createLab(NEVER)
    const runner = world.start('up')
    await waitUntilSecondRuns(world)
    process.kill(supervisorOf(world, 'never'), 'SIGKILL')
    runner.kill('SIGKILL')
    const { parts } = await world.status()
    expect(parts.map(({ pid }) => pid !== undefined)).toEqual([true, true])
    expect((await world.lab('down')).stderr).toContain('down: 2 stopped.')
    expect(listProcessesOf(world.folder)).toEqual([])
  })
})

it('a part that does not become ready is reported with the end of its log, and nothing stays up', async () => {
  const world = await createLab(NEVER.replace('60s', '300ms'))
  const { status, stderr } = await world.lab('up')
  expect(status).toBe(3)
  expect(stderr).toContain('second was not ready after 300 ms')
  expect(stderr).toContain('    trying hard')
  expect(listProcessesOf(world.folder)).toEqual([])
})

describe('a process that the lab did not start', () => {
  it('is left alone, whatever the records say', async () => {
    const world = await createLab(PAIR)
    await world.up()
    const file = join(stateOf(world, 'pair'), 'parts/first.json')
    const record = JSON.parse(readFileSync(file, 'utf8'))
    await world.down()

    const foreign = spawn('sleep', ['600'])
    children.push(foreign)
    const pid = foreign.pid ?? 0
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const recycled = { ...record, process: { ...record.process, pid } }
    const ofAnotherBoot = { ...record, process: { pid, startTime, bootId: '00000000-0000-0000-0000-000000000000' } }
    for (const stale of [recycled, ofAnotherBoot]) {
      writeFileSync(file, JSON.stringify(stale))
      expect((await world.status()).parts[0]).toMatchObject({ state: 'dead' })
      expect(await world.down()).toEqual([])
      expect(isLiving(pid)).toBe(true)
    }
    writeFileSync(file, JSON.stringify(recycled))
    await world.up()
    expect(await pidsOf(world)).not.toContain(pid)
    await world.down()
    expect(isLiving(pid)).toBe(true)
  })

  it('of another lab goes on', async () => {
    const [one, other] = await Promise.all([createLab(PAIR), createLab(PAIR)])
    await Promise.all([one.up(), other.up()])
    const before = await pidsOf(other)
    await one.down()
    expect(await pidsOf(other)).toEqual(before)
    expect((await other.status()).parts.map(({ state }) => state)).toEqual(['ready', 'ready'])
  })
})

it('what a part starts and lets go of is stopped too', async () => {
  const world = await createLab(`
lab: lets-go
parts:
  parent:
    command: [node, -e, "require('child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref(); console.log('up'); setInterval(() => {}, 1e6)"]
    ready: { log: "^up$" }
    restart: never
`)
  await world.up()
  const mark = JSON.parse(readFileSync(join(stateOf(world, 'lets-go'), 'lab.json'), 'utf8')).mark
  const [parent] = await pidsOf(world)
  process.kill(parent ?? 0, 'SIGKILL')
  await until('the child is gone with its parent', () => listProcessesOf(mark).length === 0)
  await until('it is seen as failed', async () => (await world.status()).parts[0]?.state === 'failed')

  const stray = spawn('sleep', ['600'], {
    env: { PATH: process.env.PATH, LINCHPIN_LAB: mark, LINCHPIN_PART: 'parent' },
  })
  children.push(stray)
  expect((await world.status()).strays).toEqual([stray.pid])
  await world.down()
  await until('the stray is gone', () => stray.exitCode !== null || stray.signalCode !== null)
})

it('a secret of the environment reaches its part and no file', async () => {
  const secret = 'correct-horse-battery-staple'
  const text = `
lab: secret
parts:
  keeper:
    command: [node, -e, "console.log('got ' + process.env.TOKEN.length + (process.env.OTHER ?? ' alone'))"]
    environment: { TOKEN: "\${env.TOKEN}" }
    ready: { end: true }
  failing: { command: [node, -e, "process.exit(1)"], environment: { TOKEN: "\${env.TOKEN}" }, restart: never }
`
  const world = await createLab(text, { TOKEN: secret, OTHER: secret })
  const { stderr } = await world.lab('up', '--profile', 'none')
  expect(stderr).toContain('has no profile')
  const failed = await world.lab('up')
  expect(failed.stderr).not.toContain(secret)
  const files = readdirSync(world.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(3)
  for (const { parentPath, name } of files) expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain(secret)
  expect(readFileSync(join(stateOf(world, 'secret'), 'logs/keeper.log'), 'utf8')).toContain('got 28 alone')
})

it('a lab whose folder of records is removed ends itself: nothing would lead to it any more', async () => {
  const world = await createLab(PAIR)
  await world.up()
  rmSync(join(world.folder, '.linchpin'), { recursive: true })
  await until('all is stopped', () => listProcessesOf(world.folder).length === 0)
})

it('a lab whose lab.yaml is removed can still be taken down', async () => {
  const world = await createLab(PAIR)
  await world.up()
  rmSync(join(world.folder, 'lab.yaml'))
  expect((await world.lab('down', world.folder)).stderr).toContain('down: 2 stopped.')
  writeFileSync(join(world.folder, 'lab.yaml'), PAIR)
})

it('a lab in a deep folder comes up', async () => {
  const world = await createLab(PAIR)
  const deep = join(world.folder, ...Array(6).fill('a-folder-with-a-rather-long-name'))
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(deep, 'lab.yaml'), PAIR)
  try {
    expect((await world.lab('up', deep)).status).toBe(0)
    expect((await world.lab('status', deep)).status).toBe(0)
  } finally {
    expect((await world.lab('down', deep)).stderr).toContain('down: 2 stopped.')
  }
})
