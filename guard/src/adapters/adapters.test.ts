import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { Registry } from '../registry/registry.ts'
import { createTestRegistry, deferred, outcomeOf } from '../testing/calls.ts'
import { settle } from '../testing/fake-clock.ts'
import { guardedPublish } from './amqp.ts'
import { guardsPlugin } from './fastify.ts'
import { guardedFetch, judgeHttp } from './fetch.ts'
import { guardedPool, judgePostgres } from './pg.ts'
import { guardedRedis, judgeRedis } from './redis.ts'

const servers: ReturnType<typeof createServer>[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe('fetch', () => {
  test('gives the response with its body, and counts the call when the body has ended', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', { deadline: '5s', judge: judgeHttp })
    const url = await serve((_request, response) => response.setHeader('x-test', 'yes').end('hello'))
    const response = await guardedFetch(guard)(url)
    expect([response.status, response.url, response.headers.get('x-test')]).toEqual([200, url, 'yes'])
    expect(await response.text()).toBe('hello')
    expect(guard.describe().counters).toMatchObject({ success: 1, failure: 0 })
  })

  test('a body that hangs past the deadline is aborted and is a failure', async () => {
    const { registry, clock } = createTestRegistry()
    const guard = registry.guard('a>b', { deadline: '5s' })
    const url = await serve((_request, response) => response.write('a'))
    const response = await guardedFetch(guard)(url)
    const text = outcomeOf(response.text())
    await clock.advance(5010)
    expect(await text).toBe('DEADLINE')
    expect(guard.describe().counters).toMatchObject({ success: 0, failure: 1, deadlines: 1 })
  })

  test('a connection that breaks leaves a POST unknown, and a GET or a keyed POST a plain failure', async () => {
    const { registry } = createTestRegistry()
    const send = guardedFetch(registry.guard('a>b', {}))
    const url = await serve((request) => request.socket.destroy())
    const calls = [
      send(url, { method: 'POST', body: 'order' }),
      send(url),
      send(url, { method: 'POST', body: 'order', headers: { 'Idempotency-Key': '7' } }),
    ]
    expect(await Promise.all(calls.map(outcomeOf))).toEqual(['UNKNOWN_OUTCOME', 'fetch failed', 'fetch failed'])
  })

  test('a connection that was never made leaves nothing unknown', async () => {
    const { registry } = createTestRegistry()
    const url = await serve(() => undefined)
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
    const call = guardedFetch(registry.guard('a>b', {}))(url, { method: 'POST', body: 'order' })
    expect(await outcomeOf(call)).toBe('fetch failed')
  })

  test('the signal of the caller aborts the call', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', {})
    const url = await serve(() => undefined)
    const caller = new AbortController()
    const calls = [
      guardedFetch(guard)(url, { signal: caller.signal }),
      guardedFetch(guard)(new Request(url, { signal: caller.signal })),
    ]
    caller.abort()
    expect(await Promise.all(calls.map(outcomeOf))).toEqual(['CALLER_ABORTED', 'CALLER_ABORTED'])
  })

  test('a request with a body is sent whole again at each attempt', async () => {
    const guard = new Registry({ random: () => 0 }).guard('a>b', { idempotent: true, retry: {}, judge: judgeHttp })
    const bodies: string[] = []
    const url = await serve(async (request, response) => {
      bodies.push((await request.toArray()).join(''))
      response.writeHead(bodies.length < 3 ? 503 : 200).end()
    })
    const response = await guardedFetch(guard)(new Request(url, { method: 'PUT', body: 'order' }))
    expect([response.status, bodies]).toEqual([200, ['order', 'order', 'order']])
  })

  test.each([
    [200, 'success'],
    [304, 'success'],
    [404, 'ignore'],
    [429, 'failure'],
    [500, 'failure'],
  ])('judges %s as %s', (status, outcome) => {
    expect(judgeHttp.result?.({ status })).toBe(outcome)
  })

  test('a body that is cancelled is not a failure, and an answer without a body is complete', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('a>b', {})
    const url = await serve((request, response) => {
      if (request.method === 'DELETE') response.writeHead(204).end()
      else response.write('a')
    })
    const send = guardedFetch(guard)
    const response = await send(url)
    await response.body?.cancel()
    expect((await send(url, { method: 'DELETE' })).status).toBe(204)
    await settle()
    expect(guard.describe().counters).toMatchObject({ success: 2, failure: 0 })
  })
})

describe('pg', () => {
  function pool(query: () => Promise<string>) {
    const released: (boolean | undefined)[] = []
    const client = { query, release: (destroy?: boolean) => void released.push(destroy) }
    return { released, connect: async () => client }
  }

  test('queries on a connection of the pool and gives it back', async () => {
    const { registry } = createTestRegistry()
    const given = pool(async () => 'rows')
    expect(await guardedPool(registry.guard<unknown, string>('a>db', {}), given).query('select 1')).toBe('rows')
    expect(given.released).toEqual([false])
  })

  test('a deadline closes the connection, once', async () => {
    const { registry, clock } = createTestRegistry()
    const answer = deferred<string>()
    const given = pool(() => answer.promise)
    const guard = registry.guard<unknown, string>('a>db', { deadline: '1s', bulkhead: { concurrent: 1 } })
    const call = outcomeOf(guardedPool(guard, given).query('select 1'))
    await clock.advance(1010)
    expect(await call).toBe('UNKNOWN_OUTCOME')
    answer.reject(new Error('Connection terminated'))
    await settle()
    expect(given.released).toEqual([true])
    expect(guard.describe().state.bulkhead).toEqual({ running: 0, queued: 0 })
  })

  test('a client that arrives after the deadline is not used', async () => {
    const { registry, clock } = createTestRegistry()
    let queries = 0
    const late = deferred<Awaited<ReturnType<ReturnType<typeof pool>['connect']>>>()
    const given = pool(async () => `query ${queries++}`)
    const guard = registry.guard<unknown, string>('a>db', { deadline: '1s', idempotent: true })
    const call = outcomeOf(guardedPool(guard, { connect: () => late.promise }).query('select 1'))
    await clock.advance(1010)
    late.resolve(await given.connect())
    expect(await call).toBe('DEADLINE')
    await settle()
    expect([queries, given.released]).toEqual([0, [true]])
  })

  test.each([
    [{ message: 'Connection terminated unexpectedly' }, 'UNKNOWN_OUTCOME'],
    [{ code: '57P01' }, 'UNKNOWN_OUTCOME'],
    [{ code: '23505' }, '23505'],
  ])('%o ends as %s', async (error, expected) => {
    const { registry } = createTestRegistry()
    const guard = registry.guard<unknown, string>('a>db', { judge: judgePostgres })
    const query = guardedPool(
      guard,
      pool(() => Promise.reject(error)),
    ).query('insert')
    expect(await outcomeOf(query)).toBe(expected)
  })

  test('errors about the statement say nothing about the database', () => {
    const errors = [
      { code: '23505' },
      { code: '40001' },
      { code: '57P03' },
      { code: 'ECONNREFUSED' },
      new Error('pool'),
      null,
    ]
    const outcomes = ['ignore', 'ignore', 'failure', 'failure', 'failure', 'failure']
    expect(errors.map((error) => judgePostgres.error?.(error))).toEqual(outcomes)
  })
})

describe('redis', () => {
  test('sends commands through either client', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard<unknown, unknown>('a>redis', {})
    const nodeRedis = { sendCommand: async (args: string[]) => args.join(' ') }
    const ioredis = { call: async (command: string, ...args: string[]) => [command, ...args].join('+') }
    expect(await guardedRedis(guard, nodeRedis)(['GET', 'a'])).toBe('GET a')
    expect(await guardedRedis(guard, ioredis)(['GET', 'a'])).toBe('GET+a')
  })

  test('a lost connection leaves the command unknown', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard<unknown, unknown>('a>redis', {})
    const send = guardedRedis(guard, { call: () => Promise.reject(new Error('Connection is closed.')) })
    expect(await outcomeOf(send(['INCR', 'a']))).toBe('UNKNOWN_OUTCOME')
  })

  test('errors about the command say nothing about Redis', () => {
    const messages = ['WRONGTYPE Operation', 'ERR syntax', 'LOADING Redis', 'READONLY You', 'Connection is closed.']
    const outcomes = ['ignore', 'ignore', 'failure', 'failure', 'failure']
    expect(messages.map((message) => judgeRedis.error?.(new Error(message)))).toEqual(outcomes)
  })
})

describe('amqp', () => {
  const message = { exchange: 'orders', routingKey: 'created', content: new Uint8Array([1]) }

  test.each([
    ['a confirmed message is sent', null, undefined],
    ['a message the broker refuses is not sent', new Error('message nacked'), 'message nacked'],
    ['a channel that closes leaves it unknown', new Error('channel closed'), 'UNKNOWN_OUTCOME'],
  ])('%s', async (_, error, expected) => {
    const { registry } = createTestRegistry()
    const publish = guardedPublish(registry.guard<typeof message, void>('a>mq', {}), {
      publish: (_exchange, _routingKey, _content, _options, onConfirm) => {
        onConfirm(error)
        return true
      },
    })
    expect(await outcomeOf(publish(message))).toBe(expected)
  })

  test('a fallback receives the message', async () => {
    const { registry } = createTestRegistry()
    const outbox: unknown[] = []
    const settings = {
      breaker: { mode: 'forced-open' },
      fallback: (_: unknown, call: { input: unknown }) => void outbox.push(call.input),
    } as const
    const publish = guardedPublish(registry.guard<typeof message, void>('a>mq', settings), { publish: () => true })
    await publish(message)
    expect(outbox).toEqual([message])
  })
})

test('fastify serves the guards as JSON and as metrics', async () => {
  const { registry } = createTestRegistry()
  registry.guard('a>b', { deadline: '5s' })
  const routes = new Map<
    string,
    (request: unknown, reply: { type(type: string): { send(payload: unknown): unknown } }) => unknown
  >()
  await guardsPlugin({ get: (path, handler) => routes.set(path, handler) }, { registry })
  const answer = (path: string) => routes.get(path)?.({}, { type: (type) => ({ send: (payload) => [type, payload] }) })
  expect(answer('/guards')).toEqual(['application/json; charset=utf-8', registry.describe()])
  expect(answer('/metrics')).toEqual([
    'text/plain; version=0.0.4; charset=utf-8',
    expect.stringContaining('guard_in_flight{name="a>b"} 0'),
  ])
})
