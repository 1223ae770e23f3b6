import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask, eventually, newFolder, startProcess } from '../world.ts'
import { createFakePlatform } from './fake-platform.ts'
import type { LedgerLine } from './ledger.ts'
import { allEnded, bookSome, openRiders, RIDERS, readLedger } from './riders-world.ts'

test('a booking is a quote, a cart and an order of a rider who has signed in once', async () => {
  const platform = await createFakePlatform()
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 10 })
  await allEnded(riders)
  const signIns = platform.asked('POST /v1/sign-in').map(({ body }) => body.phone)
  expect(new Set(signIns).size).toBe(RIDERS)
  expect(signIns.length).toBe(RIDERS)
  const carts = platform.asked('POST /v1/carts')
  expect(new Set(carts.map(({ body }) => body.paymentMethod))).toEqual(new Set(['card', 'e-wallet']))
  for (const { token } of carts) expect(token).toMatch(/^token \+62811\d{6}$/)
  expect(new Set(platform.asked('POST /v1/orders').map(({ key }) => key)).size).toBe(
    platform.asked('POST /v1/quotes').length,
  )
})

test('the ledger has an intent before the order is sent, and an acknowledgement after the answer', async () => {
  const platform = await createFakePlatform()
  platform.answer = ({ question }) => (question === 'POST /v1/orders' ? 'never' : undefined)
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 1 })
  await eventually(() => expect(platform.asked('POST /v1/orders')).not.toEqual([]))
  const { key } = platform.asked('POST /v1/orders')[0] ?? {}
  expect(riders.ledger()).toContainEqual(expect.objectContaining({ kind: 'intent', key, fareIdr: 40_000 }))
  expect(riders.ledger().filter(({ kind }) => kind !== 'intent')).toEqual([])
})

test('a stalled answer holds no other booking back', async () => {
  const platform = await createFakePlatform()
  let stalled: string | undefined
  platform.answer = ({ question, key }) => {
    if (question !== 'POST /v1/orders') return undefined
    stalled ??= key
    return key === stalled ? 'never' : undefined
  }
  const riders = await openRiders(platform, { rate: 100 })
  await eventually(async () => expect((await riders.status()).counts.acknowledged).toBeGreaterThanOrEqual(20))
  expect((await riders.status()).inFlight).toBeGreaterThanOrEqual(1)
  expect(
    riders
      .ledger()
      .filter(({ key }) => key === stalled)
      .map(({ kind }) => kind),
  ).toEqual(['intent'])
})

test('an order whose answer is lost is sent again under the same key', async () => {
  const platform = await createFakePlatform()
  const lost = new Set<string | undefined>()
  platform.answer = ({ question, key }) => {
    if (question !== 'POST /v1/orders' || lost.has(key)) return undefined
    lost.add(key)
    return lost.size % 2 === 0 ? 'hang up' : { status: 503 }
  }
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 4 })
  await allEnded(riders)
  const ledger = riders.ledger()
  for (const key of lost) {
    expect(platform.asked('POST /v1/orders').filter((request) => request.key === key)).toHaveLength(2)
    expect(ledger.filter((line) => line.key === key && line.kind !== 'cancel-acknowledged')).toMatchObject([
      { kind: 'intent' },
      { kind: 'acknowledged', orderId: expect.any(String), latencyMs: expect.any(Number) },
    ])
  }
})

test.each([
  ['refused when the first answer says no', [422], { kind: 'refused', status: 422 }],
  ['uncertain when no answer ever comes', ['hang up'], { kind: 'uncertain' }],
  ['uncertain when all answers are errors', [500], { kind: 'uncertain', status: 500 }],
  ['still uncertain when a no follows an error', [500, 409], { kind: 'uncertain', status: 409 }],
] as const)('an order is %s', async (_, answers, outcome) => {
  const platform = await createFakePlatform()
  platform.answer = ({ question, key }) => {
    if (question !== 'POST /v1/orders') return undefined
    const attempt = platform.asked(question).filter((request) => request.key === key).length
    const answer = answers[Math.min(attempt, answers.length) - 1] ?? 500
    return answer === 'hang up' ? answer : { status: answer }
  }
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 1 })
  await allEnded(riders)
  const { key } = platform.asked('POST /v1/orders')[0] ?? {}
  expect(riders.ledger().filter((line) => line.key === key)).toMatchObject([{ kind: 'intent' }, outcome])
  const attempts = platform.asked('POST /v1/orders').filter((request) => request.key === key)
  expect(attempts).toHaveLength(answers.length === 2 ? 2 : outcome.kind === 'refused' ? 1 : 4)
})

test('a token that has ended is renewed, and the booking goes on', async () => {
  const platform = await createFakePlatform()
  platform.answer = ({ question, token, body }) => {
    if (
      question === 'POST /v1/sign-in' &&
      platform.asked(question).filter((one) => one.body.phone === body.phone).length > 1
    )
      return { status: 200, body: { token: 'fresh', riderId: 'the same' } }
    return question === 'POST /v1/orders' && token !== 'fresh' ? { status: 401 } : undefined
  }
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 1 })
  await allEnded(riders)
  expect((await riders.status()).counts.acknowledged).toBe(platform.asked('POST /v1/quotes').length)
})

test('three in a hundred orders are cancelled, and the ledger knows which', async () => {
  const platform = await createFakePlatform()
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 70, perSecond: 100 })
  await allEnded(riders)
  const expected = Math.floor(platform.asked('POST /v1/quotes').length / 33)
  await eventually(async () => expect((await riders.status()).cancelled).toBe(expected))
  const cancels = riders.ledger().filter(({ kind }) => kind === 'cancel-acknowledged')
  expect(cancels.map(({ orderId }) => typeof orderId)).toEqual(cancels.map(() => 'string'))
  expect(cancels).toHaveLength(expected)
})

test('orders are looked at until they are over, and the last look counts', async () => {
  const platform = await createFakePlatform()
  platform.answer = ({ question }) =>
    question === 'GET /v1/orders/:id' ? { status: 200, body: { state: 'ACTIVE', dispatch: null } } : undefined
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 5 })
  await allEnded(riders)
  const orders = platform.asked('POST /v1/quotes').length
  await eventually(async () =>
    expect(await riders.status()).toMatchObject({
      watched: orders,
      shown: { order: { ACTIVE: orders }, dispatch: { none: orders } },
    }),
  )
  platform.answer = () => undefined
  await eventually(async () =>
    expect(await riders.status()).toMatchObject({
      watched: 0,
      shown: { order: { COMPLETED: orders }, dispatch: { DROP_OFF: orders } },
    }),
  )
})

test('nobody looks for ever at an order that never ends', async () => {
  const platform = await createFakePlatform()
  platform.answer = ({ question }) => (question === 'GET /v1/orders/:id' ? { status: 503 } : undefined)
  const riders = await openRiders(platform, { pace: { lookMsMax: 50 } })
  await bookSome(riders, { platform, count: 5 })
  await eventually(async () => expect(await riders.status()).toMatchObject({ inFlight: 0, watched: 0 }))
  expect((await riders.status()).failedLooks).toBeGreaterThanOrEqual(5)
})

test('bookings that cannot begin for want of a quote are counted, and want no order', async () => {
  const platform = await createFakePlatform()
  platform.answer = ({ question }) => (question === 'POST /v1/quotes' ? { status: 500 } : undefined)
  const riders = await openRiders(platform)
  await bookSome(riders, { platform, count: 4 })
  await allEnded(riders)
  const { counts, sinceStart } = await riders.status()
  expect(counts.unordered).toBeGreaterThanOrEqual(1)
  expect(sinceStart).toEqual({ bookings: counts.unordered, successShare: 0, p50Ms: null, p95Ms: null, p99Ms: null })
  expect(riders.ledger()).toEqual([])
})

test('a rate that makes no sense is refused', async () => {
  const riders = await openRiders(await createFakePlatform())
  expect((await riders.setRate(-1)).status).toBe(400)
  expect((await riders.status()).perSecond).toBe(0)
})

test('started again, riders call what was left open uncertain and look at their recent orders', async () => {
  const platform = await createFakePlatform()
  const folder = newFolder()
  const at = (agoMs: number) => new Date(Date.now() - agoMs).toISOString()
  const who = { riderId: 'rider +62811000001', phone: '+62811000001' }
  const recent = randomUUID()
  const lines: LedgerLine[] = [
    { at: at(3_600_000), kind: 'intent', key: 'old', ...who },
    { at: at(3_600_000), kind: 'acknowledged', key: 'old', orderId: randomUUID(), ...who },
    { at: at(1_000), kind: 'intent', key: 'recent', ...who },
    { at: at(1_000), kind: 'acknowledged', key: 'recent', orderId: recent, ...who },
    { at: at(1_000), kind: 'intent', key: 'open', ...who },
  ]
  writeFileSync(join(folder, 'ledger.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const riders = await openRiders(platform, { folder })
  expect(riders.ledger().slice(lines.length)).toMatchObject([{ kind: 'uncertain', key: 'open', ...who }])
  await eventually(async () =>
    expect(await riders.status()).toMatchObject({ watched: 0, shown: { order: { COMPLETED: 1 } } }),
  )
})

test('killed at any moment, the ledger knows every order that was asked for', async () => {
  const platform = await createFakePlatform()
  const folder = newFolder()
  const riders = await startProcess('riders', { DATA: folder, API_URL: platform.address, RATE: '50' })
  await eventually(() => expect(platform.asked('POST /v1/orders').length).toBeGreaterThanOrEqual(20))
  await riders.kill()
  const intents = new Set(readLedger(folder).flatMap(({ kind, key }) => (kind === 'intent' ? [key] : [])))
  for (const { key } of platform.asked('POST /v1/orders')) expect(intents).toContain(key)
})

test.each([
  ['a driver is looked for', { state: 'ACTIVE', dispatch: 'LOOKING_FOR_DRIVER', status: 201 }],
  ['people look for one', { state: 'ACTIVE', dispatch: 'MANUAL_QUEUE', status: 201 }],
  ['the partner may or may not have it', { state: 'ACTIVE', dispatch: 'DISPATCH_UNKNOWN', status: 504 }],
  ['it is not paid yet', { state: 'CREATED', dispatch: null, status: 504 }],
  ['only the order is known, and paid', { state: 'ACTIVE', dispatch: null, isPartial: true, status: 201 }],
  ['only the order is known, and not paid', { state: 'CREATED', dispatch: null, isPartial: true, status: 504 }],
])('a booking that is counted ends with a taxi in sight: %s', async (_, shown) => {
  const { state, dispatch, isPartial, status } = { isPartial: false, ...shown }
  const taxi = dispatch && { state: dispatch, driver: null, vehicle: null }
  const platform = await createFakePlatform()
  platform.answer = ({ question }) =>
    question === 'GET /v1/orders/:id' ? { status: 200, body: { state, dispatch: taxi, isPartial } } : undefined
  const riders = await openRiders(platform)
  const reply = await ask(riders.address, 'POST /bookings')
  expect(reply).toMatchObject({ status, body: { outcome: 'acknowledged', hasTaxi: status === 201 } })
})
