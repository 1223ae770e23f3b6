import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { isSignedBy } from '../kernel/index.ts'
import { createBbd } from './bbd/bbd.ts'
import type { Callback } from './books.ts'
import { sendCallbacks } from './callbacks.ts'
import { accept, ask, baseEnvironment, breakWith, createReceiver, eventually, listen, mend, refuse } from './world.ts'

const CALLBACK_SECRET = 'a secret of two'

/** BBD, where every order of a trip owes callbacks, and the platform that gets them. */
async function open(receiver: Awaited<ReturnType<typeof createReceiver>>) {
  const client = { clientId: 'mrg', clientSecret: 'another secret' }
  const bbd = await createBbd({
    ...baseEnvironment(),
    CLIENT_ID: client.clientId,
    CLIENT_SECRET: client.clientSecret,
    CALLBACK_URL: receiver.address,
    CALLBACK_SECRET,
    ACCEPT_MS: 0,
    STEP_MS: 0,
  })
  const address = await listen(bbd)
  const { accessToken } = (await ask(address, 'POST /auth/token', { body: client })).body
  const place = { lat: -6.2, lng: 106.8 }
  const order = () =>
    ask(address, 'POST /orders', {
      headers: { authorization: `Bearer ${accessToken}` },
      body: {
        reference: 'r-1',
        pickup: place,
        dropoff: place,
        passenger: { name: 'Sri', phone: '+62811' },
        fareIdr: 20_000,
      },
    })
  const books = async () => (await ask(address, 'GET /books')).body
  return { address, order, books }
}

test('every change of an order is called back once, signed, and numbered from 2 on', async () => {
  const receiver = await createReceiver()
  const { order, books } = await open(receiver)
  await order()
  await eventually(async () =>
    expect(await books()).toMatchObject({ callbacksOwed: 0, orders: [{ state: 'COMPLETED' }] }),
  )
  const { history } = (await books()).orders[0]
  const changes = history.slice(1)
  expect(receiver.received.map(({ body }) => body.sequence).sort()).toEqual(
    changes.map(({ sequence }: { sequence: number }) => sequence),
  )
  for (const { text, body, headers } of receiver.received) {
    expect(isSignedBy(text, String(headers['x-bbd-signature']), CALLBACK_SECRET)).toBe(true)
    expect(changes).toContainEqual(expect.objectContaining({ state: body.state, sequence: body.sequence, at: body.at }))
  }
})

test('a callback that is refused comes again until it is accepted', async () => {
  const receiver = await createReceiver((_, reply) => {
    receiver.answer = accept
    refuse(_, reply)
  })
  const { order, books } = await open(receiver)
  await order()
  await eventually(async () =>
    expect(await books()).toMatchObject({ callbacksOwed: 0, orders: [{ state: 'COMPLETED' }] }),
  )
  const ids = receiver.received.map(({ body }) => body.eventId)
  expect(ids.length).toBe(new Set(ids).size + 1)
  expect(ids.filter((id) => id === ids[0]).length).toBe(2)
})

test('told to duplicate, it sends each callback twice at the same time', async () => {
  // Nobody is answered before the second copy is there: one after the other would wait for ever.
  const waiting = new Map<string, () => void>()
  const receiver = await createReceiver(({ body }, reply) => {
    const answerFirst = waiting.get(body.eventId)
    if (!answerFirst) return void waiting.set(body.eventId, () => accept(body, reply))
    answerFirst()
    accept(body, reply)
  })
  const { address, order, books } = await open(receiver)
  await breakWith(address, 'duplicates')
  await order()
  await eventually(async () =>
    expect(await books()).toMatchObject({ callbacksOwed: 0, orders: [{ state: 'COMPLETED' }] }),
  )
  expect(receiver.received.length).toBe(2 * waiting.size)
})

test('told to be late, it calls back no sooner than the delay after the change', async () => {
  const receiver = await createReceiver()
  const { address, order } = await open(receiver)
  await breakWith(address, 'late-callbacks', { delayMs: 200 })
  await order()
  await eventually(() => expect(receiver.received).not.toEqual([]))
  expect(Date.now() - Date.parse(receiver.received[0]?.body.at)).toBeGreaterThanOrEqual(190)
})

test('told to call back nobody, it keeps the callbacks and sends them once mended', async () => {
  const receiver = await createReceiver()
  const { address, order, books } = await open(receiver)
  await breakWith(address, 'no-callbacks')
  await order()
  await eventually(async () => expect(await books()).toMatchObject({ orders: [{ state: 'COMPLETED' }] }))
  expect(receiver.received).toEqual([])
  const { callbacksOwed } = await books()
  await mend(address, 'no-callbacks')
  await eventually(async () => expect(await books()).toMatchObject({ callbacksOwed: 0 }))
  expect(receiver.received.length).toBe(callbacksOwed)
})

test('a callback that nobody ever accepts is given up after twenty retries', async () => {
  const receiver = await createReceiver(refuse)
  const settled: string[] = []
  const callbacks = sendCallbacks({
    books: {
      watch: (watcher: (callback: Callback) => void) => watcher({ eventId: 'e-1', body: {} }),
      settle: (eventId, outcome) => void settled.push(`${eventId} ${outcome}`),
      owed: () => 1,
    },
    faults: { get: () => undefined, mended: async () => undefined },
    url: receiver.address,
    header: 'x-signature',
    secret: CALLBACK_SECRET,
    log: pino({ level: 'silent' }),
    pauseMs: () => 0,
  })
  onTestFinished(() => callbacks.stop())
  await eventually(() => expect(settled).toEqual(['e-1 abandoned']))
  expect(receiver.received.length).toBe(21)
})
