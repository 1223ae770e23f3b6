import { expect, test } from 'vitest'
import {
  accept,
  ask,
  baseEnvironment,
  breakWith,
  createReceiver,
  eventually,
  listen,
  newFolder,
  startProcess,
} from '../world.ts'
import { createBbd } from './bbd.ts'

const client = { clientId: 'mrg', clientSecret: 'a secret of two' }
const place = { lat: -6.2, lng: 106.8, address: 'Monas' }
const HOUR_MS = 3_600_000

const taxi = (reference: string) => ({
  reference,
  pickup: place,
  dropoff: { lat: -6.25, lng: 106.85 },
  passenger: { name: 'Sri', phone: '+62811000001' },
  fareIdr: 40_000,
})

async function open(paces = { ACCEPT_MS: 0, STEP_MS: 0 }) {
  const receiver = await createReceiver()
  const bbd = await createBbd({
    ...baseEnvironment(),
    CLIENT_ID: client.clientId,
    CLIENT_SECRET: client.clientSecret,
    CALLBACK_URL: receiver.address,
    CALLBACK_SECRET: 'another secret',
    ...paces,
  })
  return use(await listen(bbd))
}

/** The partner at this address, signed in. */
async function use(address: string) {
  const { accessToken } = (await ask(address, 'POST /auth/token', { body: client })).body
  const headers = { authorization: `Bearer ${accessToken}` }
  return { address, ask: (question: string, body?: unknown) => ask(address, question, { headers, body }) }
}

test('one reference sent twice makes two orders', async () => {
  const bbd = await open()
  const first = await bbd.ask('POST /orders', taxi('r-1'))
  const second = await bbd.ask('POST /orders', taxi('r-1'))
  expect([first.status, second.status]).toEqual([201, 201])
  const { orders } = (await bbd.ask('GET /orders?reference=r-1')).body
  expect(orders.map(({ bbdId }: { bbdId: string }) => bbdId)).toEqual([first.body.bbdId, second.body.bbdId])
  expect((await bbd.ask('GET /orders?reference=r-2')).body).toEqual({ orders: [] })
})

test('an order goes its way by itself, with a driver and a vehicle from its dispatch on', async () => {
  const bbd = await open()
  const { bbdId } = (await bbd.ask('POST /orders', taxi('r-1'))).body
  const order = await eventually(async () => {
    const { body } = await bbd.ask(`GET /orders/${bbdId}`)
    expect(body.state).toBe('COMPLETED')
    return body
  })
  expect(order).toMatchObject({ driver: { name: expect.any(String) }, vehicle: { plate: expect.any(String) } })
  const { vehicleId } = order.vehicle
  expect((await bbd.ask(`GET /vehicles/${vehicleId}/location`)).body).toMatchObject({
    vehicleId,
    lat: expect.any(Number),
  })
})

test('an order can be cancelled again and again, until the passenger is in the taxi', async () => {
  const bbd = await open({ ACCEPT_MS: HOUR_MS, STEP_MS: HOUR_MS })
  const { bbdId } = (await bbd.ask('POST /orders', taxi('r-1'))).body
  for (const _ of ['once', 'again'])
    expect(await bbd.ask(`POST /orders/${bbdId}/cancel`)).toMatchObject({
      status: 200,
      body: { state: 'CANCELLED', sequence: 2 },
    })
  const fast = await open()
  const done = (await fast.ask('POST /orders', taxi('r-1'))).body
  await eventually(async () => expect((await fast.ask(`GET /orders/${done.bbdId}`)).body.state).toBe('COMPLETED'))
  expect((await fast.ask(`POST /orders/${done.bbdId}/cancel`, { reason: 'late' })).status).toBe(409)
})

test('without taxis an order ends as cancelled, and says why', async () => {
  const bbd = await open()
  await breakWith(bbd.address, 'no-taxi')
  const { bbdId } = (await bbd.ask('POST /orders', taxi('r-1'))).body
  await eventually(async () =>
    expect((await bbd.ask(`GET /orders/${bbdId}`)).body).toMatchObject({
      state: 'CANCELLED',
      reason: 'NO_AVAILABILITY',
      driver: null,
    }),
  )
})

test('quotes, times of arrival and vehicles need no order', async () => {
  const bbd = await open()
  const quote = await bbd.ask('POST /quote', { pickup: place, dropoff: { lat: -6.25, lng: 106.85 } })
  expect(quote.body).toEqual({ fareIdr: 54_500, distanceM: 10_191, durationS: 1_468 })
  expect((await bbd.ask('GET /eta?lat=-6.2&lng=106.8')).body).toEqual({ etaS: expect.any(Number) })
  const { vehicles } = (await bbd.ask('GET /vehicles?lat=-6.2&lng=106.8')).body
  expect(vehicles).toHaveLength(8)
  expect(vehicles[0]).toEqual({
    vehicleId: expect.any(String),
    lat: expect.any(Number),
    lng: expect.any(Number),
    kind: expect.any(String),
    plate: expect.stringMatching(/^B \d{4} [A-Z]{2}$/),
  })
})

test('nothing but the token is given without one', async () => {
  const bbd = await open()
  const wrong = await ask(bbd.address, 'POST /auth/token', { body: { ...client, clientSecret: 'a guess' } })
  expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid-client' } })
  expect((await ask(bbd.address, 'GET /orders?reference=r-1')).status).toBe(401)
  const forged = { authorization: `Bearer ${Date.now() + HOUR_MS}.00` }
  expect((await ask(bbd.address, 'GET /orders?reference=r-1', { headers: forged })).status).toBe(401)
})

test('bad requests and unknown ids are refused', async () => {
  const bbd = await open()
  expect(await bbd.ask('POST /orders', {})).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
  expect((await bbd.ask('GET /eta?lat=here')).status).toBe(400)
  expect((await bbd.ask('GET /orders/none')).status).toBe(404)
  expect((await bbd.ask('POST /orders/none/cancel')).status).toBe(404)
  expect((await bbd.ask('GET /vehicles/none/location')).status).toBe(404)
})

test('killed in the middle, it still knows every order, moves them on, and calls back what it owes', async () => {
  const receiver = await createReceiver((_, reply) => reply.writeHead(503).end())
  const environment = {
    DATA: newFolder(),
    CLIENT_ID: client.clientId,
    CLIENT_SECRET: client.clientSecret,
    CALLBACK_URL: receiver.address,
    CALLBACK_SECRET: 'another secret',
    ACCEPT_MS: '0',
  }
  const before = await startProcess('bbd', { ...environment, STEP_MS: String(HOUR_MS) })
  const { bbdId } = (await (await use(before.address)).ask('POST /orders', taxi('r-1'))).body
  await eventually(() => expect(receiver.received).not.toEqual([]))
  await before.kill()

  receiver.answer = accept
  const after = await startProcess('bbd', { ...environment, STEP_MS: '0' })
  const books = await eventually(async () => {
    const { body } = await ask(after.address, 'GET /books')
    expect(body).toMatchObject({ callbacksOwed: 0, orders: [{ bbdId, reference: 'r-1', state: 'COMPLETED' }] })
    return body
  })
  const told = new Set(receiver.received.map(({ body }) => body.sequence))
  const changes = books.orders[0].history.slice(1)
  expect(told).toEqual(new Set(changes.map(({ sequence }: { sequence: number }) => sequence)))
})
