import { expect, test } from 'vitest'
import { createMessaging } from './messaging/messaging.ts'
import { ask, baseEnvironment, breakWith, eventually, listen, mend } from './world.ts'

/** A simulator that tells how far it is with the messages: which have arrived, are read, and whose caller is gone. */
async function open() {
  const simulator = await createMessaging(baseEnvironment())
  const seen = { arrived: 0, read: 0, gone: 0 }
  simulator.app.server.on('request', ({ url, socket }) => {
    if (url !== '/messages') return
    seen.arrived += 1
    socket.once('close', () => {
      seen.gone += 1
    })
  })
  simulator.app.addHook('preValidation', async ({ url }) => {
    if (url === '/messages') seen.read += 1
  })
  const address = await listen(simulator)
  return {
    address,
    seen,
    send: (messageId: string, signal?: AbortSignal) =>
      ask(address, 'POST /messages', {
        body: { messageId, to: '+62811000001', text: 'Halo', language: 'id' },
        ...(signal && { signal }),
      }),
    sent: async () =>
      (await ask(address, 'GET /books')).body.messages.map(({ messageId }: { messageId: string }) => messageId),
  }
}

/** Sends the first message, waits until the simulator has come so far with it, and hangs up. */
async function sendAndHangUp(
  { send, seen }: Awaited<ReturnType<typeof open>>,
  { messageId, once }: { messageId: string; once: 'arrived' | 'read' },
) {
  const caller = new AbortController()
  const answer = send(messageId, caller.signal).catch(() => 'hung up')
  await eventually(() => expect(seen[once]).toBe(1))
  caller.abort()
  expect(await answer).toBe('hung up')
  await eventually(() => expect(seen.gone).toBe(1))
}

test('a hanging simulator answers nobody, and does not do the work of callers who have gone', async () => {
  const world = await open()
  await breakWith(world.address, 'hang')
  await sendAndHangUp(world, { messageId: 'impatient', once: 'arrived' })
  const patient = world.send('patient')
  expect(await world.sent()).toEqual([])
  await mend(world.address, 'hang')
  expect((await patient).status).toBe(202)
  expect(await world.sent()).toEqual(['patient'])
})

test('a hanging simulator answers the lab, the auditor and monitoring', async () => {
  const { address } = await open()
  await breakWith(address, 'hang')
  for (const page of ['/health', '/ready', '/books', '/faults'])
    expect(await ask(address, `GET ${page}`)).toMatchObject({ status: 200 })
  expect((await fetch(`${address}/metrics`)).status).toBe(200)
})

test('a slow simulator does the work even when the caller has hung up', async () => {
  const world = await open()
  await breakWith(world.address, 'slow', { delayMs: 300 })
  await sendAndHangUp(world, { messageId: 'given up', once: 'read' })
  await eventually(async () => expect(await world.sent()).toEqual(['given up']))
})

test('a late answer comes long after the work is done', async () => {
  const world = await open()
  await breakWith(world.address, 'late', { delayMs: 600_000 })
  const caller = new AbortController()
  let isAnswered = false
  const answer = world.send('done', caller.signal).then(
    () => {
      isAnswered = true
    },
    () => 'hung up',
  )
  await eventually(async () => expect(await world.sent()).toEqual(['done']))
  expect(isAnswered).toBe(false)
  caller.abort()
  await answer
})

test('errors come with their status, for exactly the share of requests that was asked for, and without work', async () => {
  const { address, send, sent } = await open()
  await breakWith(address, 'errors', { status: 503, share: 0.5 })
  const statuses = []
  for (const messageId of ['1', '2', '3', '4']) statuses.push((await send(messageId)).status)
  expect(statuses).toEqual([202, 503, 202, 503])
  expect(await sent()).toEqual(['1', '3'])
})

test('errors hit every request with status 500 unless told otherwise', async () => {
  const { address, send } = await open()
  await breakWith(address, 'errors')
  expect(await send('1')).toMatchObject({ status: 500, body: { code: 'told-to-fail' } })
  await mend(address, 'errors')
  expect((await send('1')).status).toBe(202)
})

test('expired credentials are answered with 401 on everything', async () => {
  const { address, send } = await open()
  await breakWith(address, 'credentials')
  expect((await send('1')).status).toBe(401)
  expect((await ask(address, 'GET /nothing')).status).toBe(401)
})

test('a fault that does not exist is refused with the list of those that do', async () => {
  const { address } = await open()
  for (const question of ['PUT /faults/no-taxi', 'DELETE /faults/no-taxi']) {
    const { status, body } = await ask(address, question)
    expect(status).toBe(404)
    expect(body.detail).toBe('There is no fault no-taxi. There are: hang, slow, late, errors, credentials.')
  }
})

test('settings that make no sense are refused, and the fault stays off', async () => {
  const { address } = await open()
  for (const [fault, settings] of [
    ['slow', { delayMs: -1 }],
    ['errors', { share: 2 }],
    ['hang', { delayMs: 1 }],
  ] as const)
    expect(await ask(address, `PUT /faults/${fault}`, { body: settings })).toMatchObject({ status: 400 })
  expect((await ask(address, 'GET /faults')).body.active).toEqual({})
})

test('faults show with their settings while they are on', async () => {
  const { address } = await open()
  await breakWith(address, 'slow', { delayMs: 5 })
  await breakWith(address, 'late', { delayMs: 6 })
  await mend(address, 'late')
  expect((await ask(address, 'GET /faults')).body.active).toEqual({ slow: { delayMs: 5 } })
})
