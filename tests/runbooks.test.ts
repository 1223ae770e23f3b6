import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Ended, type LabWorld, until, waitForEnd } from './lab-world.ts'

// MRG's three runbooks on MRG's lab, unattended, by the real command: each branch that can happen there happens, and its
// transcript is kept in a temporary folder. Riders book all the while.

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = join(root, 'mrg/vault/05-runbooks/incident-response')
const RIDES_A_SECOND = 2
const WITHIN_MS = 240_000
const OPERATOR = { operator: 'Test', driver: 'Nobody Drives', phone: '+62811000000', plate: 'B 0000 LAB' }

let world: LabWorld
let kept: string

beforeAll(async () => {
  // The same lab, but for trips that take seconds.
  const text = readFileSync(join(root, 'mrg/lab.yaml'), 'utf8').replace(
    'CLIENT_ID: lab-client\n',
    (line) => `${line}      STEP_MS: "500"\n`,
  )
  world = await createWorld(text)
  symlinkSync(join(root, 'mrg/dist'), join(world.folder, 'dist'))
  kept = mkdtempSync(join(tmpdir(), 'mrg-runbooks-'))
  await world.up()
  await fetch(`http://127.0.0.1:${world.portBase + 7419}/rate`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ perSecond: RIDES_A_SECOND }),
  })
}, WITHIN_MS)
afterEach(async () => void (await world.mendPart()), WITHIN_MS)
afterAll(() => world?.dispose(), WITHIN_MS)

describe('RUNBOOK-TPG-BBD-Down', { timeout: WITHIN_MS }, () => {
  it('the gateway is down: it is started, and what waited is sent', async () => {
    await world.breakPart('taxi-partner-gateway', 'kill')
    expect(await run('RUNBOOK-TPG-BBD-Down')).toMatchObject({
      ending: 'finished',
      rtoMs: expect.any(Number),
      branches: ['2. The gateway itself is down'],
    })
  })

  it.each([
    ['is down', 'kill', {}, 'BBD is down'],
    ['hangs', 'hang', {}, 'BBD is down'],
    ['is slow', 'slow', { delay: '8000' }, 'BBD is slow'],
  ])('BBD %s: people dispatch, then the queue is replayed', async (_, fault, settings, branch) => {
    await world.breakPart('bbd', fault, settings)
    const result = await run('RUNBOOK-TPG-BBD-Down', { whenBegun: ['wait-for-bbd', () => world.mendPart('bbd')] })
    expect(result).toMatchObject({
      ending: 'finished',
      rtoMs: expect.any(Number),
      branches: ['3. The gateway is up, so it is BBD', branch, 'Orders wait for people'],
    })
  })

  it("BBD's credentials have expired: told from an outage, and renewed", async () => {
    await world.breakPart('bbd', 'credentials')
    await until('BBD has refused us', async () => (await count(REFUSED)) > 0, 90_000)
    expect(await run('RUNBOOK-TPG-BBD-Down')).toMatchObject({
      ending: 'finished',
      rtoMs: expect.any(Number),
      branches: expect.arrayContaining(["BBD's credentials have expired"]),
    })
  })
})

describe('RUNBOOK-Order-Orchestrator-Down', { timeout: WITHIN_MS }, () => {
  it.each([
    ['it does not start', 'deploy', { environment: '{"DATABASE":"nonsense"}' }, '2. It does not start: crash loop'],
    ['it is not ready', 'freeze', {}, '3. It is not ready, or not there'],
    ['it is not there', 'kill', {}, '3. It is not ready, or not there'],
    [
      'it was deployed badly',
      'deploy',
      { environment: '{"SESSION_MANAGER":"http://localhost:1"}' },
      '4. It is ready, and was deployed lately: bad deployment',
    ],
  ])('%s: riders can book again', async (_, fault, settings, branch) => {
    await world.breakPart('order-orchestrator', fault, settings)
    const result = await run('RUNBOOK-Order-Orchestrator-Down')
    expect(result).toMatchObject({ ending: 'finished', rtoMs: expect.any(Number), branches: [branch] })
  })

  it('nothing is wrong with it: the page looks at what it calls', async () => {
    expect(await run('RUNBOOK-Order-Orchestrator-Down')).toMatchObject({
      ending: 'finished',
      branches: ['5. It is ready, and nothing was deployed'],
    })
  })
})

describe('RUNBOOK-Database-Failover', { timeout: WITHIN_MS }, () => {
  it('its one node is not running: it is started, and every order is accounted for', async () => {
    await world.breakPart('postgresql', 'kill')
    const result = await run('RUNBOOK-Database-Failover')
    expect(result).toMatchObject({
      ending: 'finished',
      rtoMs: expect.any(Number),
      branches: ['5. One node, and it is not running'],
    })
  })

  it('says of what needs three nodes that it does', async () => {
    const { steps } = await run('RUNBOOK-Database-Failover')
    const needs = 'it needs ha or kubernetes, and this run is on lab'
    const left = steps.filter(({ because }) => because === needs).map(({ id }) => id)
    expect(left).toEqual(['failed-over-by-itself', 'no-leader', 'patroni-silent', 'all-lost', 'verify-replication'])
  })

  it('somebody holds its connections: the culprit is found, and its idle ones are ended', async () => {
    const clients = await holdConnections(400)
    const result = await run('RUNBOOK-Database-Failover')
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
    expect(result).toMatchObject({ ending: 'finished', branches: ['6. It runs, and has no connection left'] })
  })
})

const REFUSED = `select count(*)::int from taxi.attempt
  where at > now() - interval '1 minute' and outcome like '%no token%' and outcome like '%not valid%'`

interface Result {
  readonly ending: string
  readonly rtoMs?: number
  readonly branches: readonly string[]
  readonly steps: readonly { readonly id: string; readonly because: string }[]
  readonly transcript: string
}

interface RunOptions {
  /** Does something once this step was begun. */
  readonly whenBegun?: readonly [step: string, act: () => Promise<unknown>]
}

/** Goes through a page to its end, and says what went wrong if it did not get there. */
async function run(page: string, { whenBegun }: RunOptions = {}): Promise<Result> {
  const folder = mkdtempSync(join(kept, `${page}-`))
  const answers = { ...PORTS(), lab: world.folder, ...(page === 'RUNBOOK-TPG-BBD-Down' ? OPERATOR : {}) }
  const known = readFileSync(join(pages, `${page}.md`), 'utf8')
  const words = Object.entries(answers).flatMap(([name, value]) =>
    known.includes(`{{${name}}}`) ? ['--var', `${name}=${value}`] : [],
  )
  const child = spawn(
    process.execPath,
    [
      join(root, 'bin/linchpin.js'),
      'runbook',
      'run',
      join(pages, `${page}.md`),
      '--auto',
      '--approve',
      'all',
      '--format',
      'json',
      '--keep',
      folder,
      ...words,
    ],
    { cwd: root, env: { ...process.env, FORCE_COLOR: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = waitForEnd(child)
  if (whenBegun) await actWhenBegun(folder, whenBegun, ended)
  const { stdout, stderr } = await ended
  const result: Result = JSON.parse(stdout || '{}')
  expect(result.ending, stderr.slice(-3_000)).toBe('finished')
  expect(existsSync(result.transcript)).toBe(true)
  return result
}

async function actWhenBegun(folder: string, [step, act]: NonNullable<RunOptions['whenBegun']>, ended: Promise<Ended>) {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const journals = () =>
    readdirSync(folder)
      .map((name) => join(folder, name, 'journal.jsonl'))
      .filter((file) => existsSync(file))
  const isBegun = () =>
    journals().some(
      (file) =>
        readFileSync(file, 'utf8').includes(`"kind":"begin","at":`) &&
        readFileSync(file, 'utf8').includes(`"id":"${step}"`),
    )
  await until(`${step} is begun`, () => isOver || isBegun(), WITHIN_MS)
  await act()
}

function PORTS() {
  const usual = {
    tpg: 7405,
    tpg2: 7406,
    bbd: 7411,
    db: 7432,
    gateway: 7401,
    oo: 7403,
    oo2: 7404,
    pay: 7407,
    users: 7409,
    sessions: 7421,
    detail: 7423,
    notify: 7425,
  }
  return Object.fromEntries(Object.entries(usual).map(([name, port]) => [name, String(world.portBase + port)]))
}

function connect(name: string): Client {
  const connectionString = `postgres://postgres@127.0.0.1:${world.portBase + 7432}/mrg`
  const client = new Client({ connectionString, application_name: name })
  client.on('error', () => undefined)
  return client
}

async function count(query: string): Promise<number> {
  const client = connect('test')
  await client.connect()
  const { rows } = await client.query<{ count: number }>(query)
  await client.end()
  return rows[0]?.count ?? 0
}

/** PostgreSQL's word for: there is no connection left. */
const TOO_MANY_CONNECTIONS = '53300'

/** As many as there are, up to that: the services have theirs. One that fails for another reason is asked for again. */
async function holdConnections(most: number): Promise<Client[]> {
  const clients: Client[] = []
  for (let n = 0; n < most; n++) {
    const client = connect('nightly-report')
    const reason: { code?: string } | undefined = await client.connect().then(
      () => undefined,
      (error) => error,
    )
    if (reason?.code === TOO_MANY_CONNECTIONS) break
    if (reason === undefined) clients.push(client)
  }
  // One is left for whoever has to look.
  await clients.pop()?.end()
  return clients
}
