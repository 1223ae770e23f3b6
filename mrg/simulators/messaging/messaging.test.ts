import { expect, test } from 'vitest'
import { ask, baseEnvironment, listen } from '../world.ts'
import { createMessaging } from './messaging.ts'

const message = { messageId: 'm-1', to: '+62811000001', text: 'Taksi Anda sudah tiba.', language: 'id' }

test('the same message twice is sent once, across a restart too', async () => {
  const environment = baseEnvironment()
  for (const _ of ['before', 'after']) {
    const address = await listen(await createMessaging(environment))
    for (const _ of ['once', 'again'])
      expect((await ask(address, 'POST /messages', { body: message })).status).toBe(202)
    expect((await ask(address, 'GET /books')).body.messages).toMatchObject([message])
  }
})

test('a message to nobody is refused', async () => {
  const address = await listen(await createMessaging(baseEnvironment()))
  expect((await ask(address, 'POST /messages', { body: { ...message, to: '' } })).status).toBe(400)
})
