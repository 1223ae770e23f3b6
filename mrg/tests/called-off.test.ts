import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { ask, createDeskWorld, type DeskWorld, WAIT } from './desk-world.ts'

// Orders that are called off while BBD is so slow that nobody knows whether it has them: real processes, real PostgreSQL.

/** More than the deadline of a booking, and less than an order is in doubt. */
const SLOW_MS = 8_000
let world: DeskWorld

beforeAll(async () => {
  world = await createDeskWorld({ stepMs: 400 })
  await world.lab('up')
  // Both gateways have their token for BBD before it is slow: without one nothing is sent, and nothing in doubt.
  for (const at of [world.addresses.first, world.addresses.second]) await world.wantTaxi({ at })
}, 300_000)
beforeEach(mend)
afterAll(() => world?.dispose(), 120_000)

function slow() {
  return ask(`${world.addresses.bbd}/faults/slow`, { method: 'PUT', body: { delayMs: SLOW_MS } })
}

async function mend() {
  await ask(`${world.addresses.bbd}/faults/slow`, { method: 'DELETE' })
}

const callOff = (orderId: string) =>
  ask(`${world.addresses.both}/dispatches/${orderId}/cancel`, { method: 'POST', body: { reason: 'plans changed' } })

/** What the partner's own books say of an order: the last state of each taxi. */
async function taxisOf(orderId: string): Promise<string[]> {
  const { body } = await ask(`${world.addresses.bbd}/books`)
  const orders: { reference: string; state: string }[] = body.orders
  return orders.filter(({ reference }) => reference === orderId).map(({ state }) => state)
}

/** Asks as the saga does, until there is an answer that stands. */
const callOffAtLast = (orderId: string) =>
  vi.waitFor(async () => {
    const reply = await callOff(orderId)
    expect(reply.body.code).not.toBe('in-doubt')
    return reply
  }, WAIT)

it('an order that BBD may have is not called off before BBD can say', async () => {
  await slow()
  const orderId = await world.wantTaxi()
  expect(await callOff(orderId)).toMatchObject({ status: 409, body: { code: 'in-doubt' } })
  expect(await world.readDispatch(orderId)).toMatchObject({ state: 'DISPATCH_UNKNOWN' })
}, 120_000)

it('if BBD drove meanwhile, the trip stands, and no taxi is without an order', async () => {
  await slow()
  const orderId = await world.wantTaxi()
  await vi.waitFor(async () => expect(await taxisOf(orderId)).toEqual(['COMPLETED']), WAIT)
  await mend()
  expect(await callOffAtLast(orderId)).toMatchObject({ status: 409, body: { code: 'trip-begun' } })
  expect(await world.readDispatch(orderId)).toMatchObject({ state: 'DROP_OFF' })
}, 120_000)

it('what is being called off is not sent to BBD again', async () => {
  await world.lab('break', 'bbd', 'freeze')
  const orderId = await world.wantTaxi()
  expect(await callOff(orderId)).toMatchObject({ status: 409, body: { code: 'in-doubt' } })
  await world.lab('mend', 'bbd')
  const { status } = await callOffAtLast(orderId)
  const { state } = await world.readDispatch(orderId)
  const taxis = await taxisOf(orderId)
  // The one request that waited in the frozen process may have been carried out; then the trip stands.
  expect([status, state, ...taxis]).toEqual(
    taxis[0] === 'COMPLETED' ? [409, expect.any(String), 'COMPLETED'] : [200, 'CANCELED', ...taxis],
  )
  expect(taxis.length).toBeLessThanOrEqual(1)
}, 120_000)

it('an order that was called off before it came gets no taxi', async () => {
  const orderId = randomUUID()
  expect(await callOff(orderId)).toMatchObject({ status: 404 })
  await world.wantTaxi({ orderId })
  expect(await world.readDispatch(orderId)).toMatchObject({ state: 'CANCELED' })
  expect(await taxisOf(orderId)).toEqual([])
}, 60_000)
