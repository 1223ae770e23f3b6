import { expect, test } from 'vitest'
import { isSignedBy } from '../../kernel/index.ts'
import { ask, baseEnvironment, createReceiver, eventually, listen, newFolder, startProcess } from '../world.ts'
import { createPaymentGateway } from './payment-gateway.ts'

const API_KEY = 'an API key'
const WEBHOOK_SECRET = 'a secret of two'
const HOUR_MS = 3_600_000

async function open({ SETTLE_MS = 0 } = {}) {
  const receiver = await createReceiver()
  const gateway = await createPaymentGateway({
    ...baseEnvironment(),
    NAME: 'midtrans',
    API_KEY,
    WEBHOOK_URL: receiver.address,
    WEBHOOK_SECRET,
    SETTLE_MS,
  })
  return { ...use(await listen(gateway)), received: receiver.received }
}

function use(address: string) {
  const send = (question: string, key: string, body?: unknown) =>
    ask(address, question, { body, headers: { authorization: `Bearer ${API_KEY}`, 'idempotency-key': key } })
  return {
    send,
    charge: (key: string, request: object = {}) =>
      send('POST /v1/charges', key, { reference: 'o-1', amountIdr: 50_000, method: 'card', ...request }),
    books: async () => (await ask(address, 'GET /books')).body,
    address,
  }
}

test('a card is authorised at once', async () => {
  const { charge } = await open()
  expect(await charge('k-1')).toMatchObject({
    status: 201,
    body: { chargeId: expect.any(String), reference: 'o-1', status: 'authorised', amountIdr: 50_000 },
  })
})

test('an e-wallet is pending until its owner confirms, which a webhook tells', async () => {
  const { charge, send, received } = await open()
  const { chargeId, status } = (await charge('k-1', { method: 'e-wallet' })).body
  expect(status).toBe('pending')
  await eventually(() => expect(received).toHaveLength(1))
  expect(received[0]?.body).toMatchObject({ type: 'charge.authorised', chargeId, reference: 'o-1', amountIdr: 50_000 })
  expect(isSignedBy(received[0]?.text ?? '', String(received[0]?.headers['x-signature']), WEBHOOK_SECRET)).toBe(true)
  expect((await send(`GET /v1/charges/${chargeId}`, '')).body.status).toBe('authorised')
})

test('amounts that end in 13 are declined, on a card at once and in a wallet later', async () => {
  const { charge, send, received } = await open()
  expect((await charge('k-1', { amountIdr: 50_013 })).body.status).toBe('declined')
  const { chargeId } = (await charge('k-2', { amountIdr: 50_013, method: 'e-wallet' })).body
  await eventually(() => expect(received.map(({ body }) => body.type)).toEqual(['charge.declined', 'charge.declined']))
  expect((await send(`POST /v1/charges/${chargeId}/capture`, 'k-3', { amountIdr: 50_013 })).status).toBe(409)
})

test('the same key gives the same charge, and refuses another body', async () => {
  const { charge, books } = await open()
  const first = (await charge('k-1')).body
  expect((await charge('k-1')).body).toEqual(first)
  expect(await charge('k-1', { amountIdr: 60_000 })).toMatchObject({
    status: 409,
    body: { code: 'idempotency-key-reused' },
  })
  expect((await books()).charges).toHaveLength(1)
})

test('sent many times at once under one key, it is charged once', async () => {
  const { charge, books } = await open()
  const answers = await Promise.all(Array.from({ length: 20 }, () => charge('k-1')))
  expect(new Set(answers.map(({ body }) => body.chargeId)).size).toBe(1)
  expect((await books()).charges).toHaveLength(1)
})

test('every operation is done once, however often and under whatever key it is asked for', async () => {
  const { charge, send, books, received } = await open()
  const { chargeId } = (await charge('k-1')).body
  for (const key of ['k-2', 'k-2', 'k-3'])
    expect(await send(`POST /v1/charges/${chargeId}/capture`, key, { amountIdr: 40_000 })).toMatchObject({
      status: 200,
      body: { status: 'captured', capturedIdr: 40_000 },
    })
  for (const key of ['k-4', 'k-4', 'k-5'])
    expect(await send(`POST /v1/charges/${chargeId}/refund`, key, { amountIdr: 40_000 })).toMatchObject({
      status: 200,
      body: { status: 'refunded', refundedIdr: 40_000 },
    })
  const [{ operations }] = (await books()).charges
  expect(operations.map(({ operation }: { operation: string }) => operation)).toEqual(['capture', 'refund'])
  await eventually(() =>
    expect(received.map(({ body }) => body.type).sort()).toEqual([
      'charge.authorised',
      'charge.captured',
      'charge.refunded',
    ]),
  )
})

test('what was let go cannot be captured, and what was captured cannot be let go', async () => {
  const { charge, send } = await open()
  const voided = (await charge('k-1')).body.chargeId
  for (const key of ['k-2', 'k-3'])
    expect((await send(`POST /v1/charges/${voided}/void`, key)).body).toMatchObject({ status: 'voided' })
  expect((await send(`POST /v1/charges/${voided}/capture`, 'k-4', { amountIdr: 50_000 })).status).toBe(409)
  const captured = (await charge('k-5')).body.chargeId
  await send(`POST /v1/charges/${captured}/capture`, 'k-6', { amountIdr: 50_000 })
  expect(await send(`POST /v1/charges/${captured}/void`, 'k-7')).toMatchObject({
    status: 409,
    body: { code: 'wrong-state' },
  })
})

test('a wallet that was let go while pending is never authorised', async () => {
  const { charge, send, received } = await open({ SETTLE_MS: HOUR_MS })
  const { chargeId } = (await charge('k-1', { method: 'e-wallet' })).body
  expect((await send(`POST /v1/charges/${chargeId}/void`, 'k-2')).body.status).toBe('voided')
  await eventually(() => expect(received.map(({ body }) => body.type)).toEqual(['charge.voided']))
})

test('no more is taken than was held, and no more given back than was taken', async () => {
  const { charge, send } = await open()
  const { chargeId } = (await charge('k-1')).body
  const capture = (key: string, amountIdr: number) => send(`POST /v1/charges/${chargeId}/capture`, key, { amountIdr })
  expect(await capture('k-2', 50_001)).toMatchObject({ status: 409, body: { code: 'amount-too-high' } })
  await capture('k-3', 30_000)
  expect((await capture('k-3', 20_000)).status).toBe(409)
  expect((await send(`POST /v1/charges/${chargeId}/refund`, 'k-4', { amountIdr: 30_001 })).status).toBe(409)
})

test('charges are found by reference; strangers and bad requests are refused', async () => {
  const { address, charge, send } = await open()
  const { chargeId } = (await charge('k-1')).body
  expect((await send('GET /v1/charges?reference=o-1', '')).body.charges).toMatchObject([{ chargeId }])
  expect((await send('GET /v1/charges?reference=o-2', '')).body).toEqual({ charges: [] })
  expect((await ask(address, 'GET /v1/charges?reference=o-1')).status).toBe(401)
  expect((await send('GET /v1/charges/none', '')).status).toBe(404)
  expect((await charge('k-2', { method: 'cash' })).status).toBe(400)
  const keyless = { authorization: `Bearer ${API_KEY}` }
  expect((await ask(address, `POST /v1/charges/${chargeId}/void`, { headers: keyless })).status).toBe(400)
})

test('killed in the middle, it still knows charges and keys, settles what is pending, and calls back', async () => {
  const receiver = await createReceiver()
  const environment = {
    DATA: newFolder(),
    NAME: 'xendit',
    API_KEY,
    WEBHOOK_URL: receiver.address,
    WEBHOOK_SECRET,
  }
  const before = await startProcess('payment-gateway', { ...environment, SETTLE_MS: String(HOUR_MS) })
  const { chargeId } = (await use(before.address).charge('k-1', { method: 'e-wallet' })).body
  await before.kill()

  const after = use((await startProcess('payment-gateway', { ...environment, SETTLE_MS: '0' })).address)
  await eventually(() => expect(receiver.received.map(({ body }) => body.type)).toEqual(['charge.authorised']))
  expect((await after.charge('k-1', { method: 'e-wallet' })).body).toMatchObject({ chargeId, status: 'authorised' })
  expect((await after.charge('k-1')).status).toBe(409)
  expect((await after.books()).charges).toHaveLength(1)
})
