import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UnknownOutcomeError } from '@linchpin/guard'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createUpstream } from './upstream.ts'

let stop: () => void = () => undefined
afterEach(() => stop())

/** Calls that come are answered in turn; `undefined` breaks the connection. */
async function connectTo(answers: readonly (((response: ServerResponse) => void) | undefined)[]) {
  const asked: string[] = []
  const server = createServer(({ method = '', socket }: IncomingMessage, response) => {
    const answer = answers[asked.push(method) - 1]
    if (answer) answer(response)
    else socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stop = () => {
    server.closeAllConnections()
    server.close()
  }
  const { port } = server.address() as AddressInfo
  const upstream = createUpstream(`caller>${port}`, `http://127.0.0.1:${port}`, { breaker: { consecutiveFailures: 1 } })
  const call = (method: string) => upstream.call(method, '/', { answer: z.object({ well: z.boolean() }) })
  return { asked, call, stateOf: () => upstream.guard.describe().state.breaker?.state }
}

const well = (response: ServerResponse) => response.end('{"well":true}')
const brokenOff = (response: ServerResponse) => {
  response.writeHead(200, { 'content-length': '13' })
  response.write('{"well"', () => response.socket?.destroy())
}

describe('a call whose connection breaks', () => {
  it.each([
    ['before the answer', undefined],
    ['in the middle of it', brokenOff],
  ])('%s is sent once more, and the breaker does not hear of it', async (_, first) => {
    const { asked, call, stateOf } = await connectTo([first, well])
    expect(await call('PUT')).toEqual({ well: true })
    expect([asked, stateOf()]).toEqual([['PUT', 'PUT'], 'closed'])
  })

  it('twice has failed', async () => {
    const { asked, call, stateOf } = await connectTo([undefined, undefined, well])
    await expect(call('PUT')).rejects.toThrow('fetch failed')
    expect([asked, stateOf()]).toEqual([['PUT', 'PUT'], 'open'])
  })

  it('may have been carried out, and is not sent again unless that does no harm', async () => {
    const { asked, call } = await connectTo([undefined, well])
    await expect(call('POST')).rejects.toThrow(UnknownOutcomeError)
    expect(asked).toEqual(['POST'])
  })
})
