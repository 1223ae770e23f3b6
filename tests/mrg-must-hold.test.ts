import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type LabWorld, until as untilWithin } from './lab-world.ts'

// MRG itself, with riders booking all the while. Each test breaks one thing, sees that riders are still served, and
// mends it; the last one holds everybody's books against each other. Order and counts, never how long something takes.

const mrg = fileURLToPath(new URL('../mrg/', import.meta.url))
const RIDES_A_SECOND = 2
const WITHIN_MS = 120_000

let world: LabWorld

beforeAll(async () => {
  // The same lab, but for trips that take seconds.
  const text = readFileSync(join(mrg, 'lab.yaml'), 'utf8').replace(
    'CLIENT_ID: lab-client\n',
    (line) => `${line}      STEP_MS: "500"\n`,
  )
  world = await createWorld(text)
  symlinkSync(join(mrg, 'dist'), join(world.folder, 'dist'))
  await world.up()
  await ride(RIDES_A_SECOND)
}, WITHIN_MS)

afterAll(() => world?.dispose(), WITHIN_MS)

it(
  'BBD hangs: orders go to the dispatch desk, and leave it when BBD is back',
  async () => {
    await world.breakPart('bbd', 'hang')
    await until('orders are with people', async () => (await queueDepth()) >= 3)
    const before = await acknowledged()
    await until('riders are told yes', async () => (await acknowledged()) >= before + 3)
    await world.mendPart('bbd')
    await until('the desk is empty', async () => (await queueDepth()) === 0)
  },
  WITHIN_MS,
)

it(
  'a payment gateway is down: the others hold the money',
  async () => {
    await world.breakPart('midtrans', 'kill')
    await untilServed()
    await world.mendPart('midtrans')
  },
  WITHIN_MS,
)

it(
  'a map provider hangs: fares come from the other',
  async () => {
    await world.breakPart('google-maps', 'hang')
    await untilServed()
    await world.mendPart('google-maps')
  },
  WITHIN_MS,
)

it(
  'an instance of the Order Orchestrator is killed in the middle of its orders: the other goes on with them',
  async () => {
    await world.breakPart('order-orchestrator.1', 'kill')
    await untilServed()
    await world.mendPart('order-orchestrator.1')
  },
  WITHIN_MS,
)

it(
  'an instance of the Taxi Partner Gateway is frozen: the other takes its orders',
  async () => {
    await world.breakPart('taxi-partner-gateway.1', 'freeze')
    await untilServed()
    await world.mendPart('taxi-partner-gateway.1')
  },
  WITHIN_MS,
)

it(
  'workflows that the engine ends with an error begin anew, and their orders go on',
  async () => {
    const database = new pg.Client(`postgres://postgres@127.0.0.1:${world.portBase + 7432}/mrg`)
    await database.connect()
    // What the engine writes down of a step is refused: it takes that for an error of the workflow.
    await database.query(`
      create function dbos.refuse() returns trigger language plpgsql as $$ begin raise exception 'by a test'; end $$;
      create trigger refuse before insert on dbos.operation_outputs for each row execute function dbos.refuse()`)
    const failed = async () => {
      const { rows } = await database.query(
        `select count(*)::int as n from dbos.workflow_status where status = 'ERROR'`,
      )
      return rows[0].n as number
    }
    await until('workflows have failed', async () => (await failed()) > 0)
    await database.query('drop trigger refuse on dbos.operation_outputs')
    await until('all of them began anew', async () => (await failed()) === 0)
    await database.end()
    await untilServed()
  },
  WITHIN_MS,
)

it(
  'nothing was lost and nothing doubled',
  async () => {
    await ride(0)
    let audit = ''
    await until('every order is over', async () => {
      const { stdout, stderr } = await world.lab('verify')
      audit = stdout + stderr
      return / 0 in progress/.test(audit) && audit.includes('every order is accounted for')
    })
    expect(audit).toContain(' 0 missing, 0 doubled')
  },
  2 * WITHIN_MS,
)

/** Orders that were made after the fault get through to a taxi, or to people. */
async function untilServed(): Promise<void> {
  const before = await acknowledged()
  await until('riders are told yes', async () => (await acknowledged()) >= before + 6)
}

async function ride(perSecond: number): Promise<void> {
  await fetch(`${at(7419)}/rate`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ perSecond }),
  })
}

async function acknowledged(): Promise<number> {
  const response = await fetch(`${at(7419)}/status`)
  const { counts } = (await response.json()) as { counts: { acknowledged: number } }
  return counts.acknowledged
}

/** As either instance sees it: one of them may be frozen. */
async function queueDepth(): Promise<number> {
  const text = await Promise.any([7405, 7406].map(async (port) => (await fetch(`${at(port)}/metrics`)).text()))
  return Number(/^mrg_manual_queue_depth (\d+)$/m.exec(text)?.[1])
}

function at(port: number): string {
  return `http://127.0.0.1:${world.portBase + port}`
}

function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  return untilWithin(what, isSo, WITHIN_MS - 5_000)
}
