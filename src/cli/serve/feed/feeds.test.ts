import { describe, expect, it } from 'vitest'
import { type Ask, NO_ANSWER } from './ask.ts'
import { lookAtHttp } from './http.ts'
import { lookAtPatroni } from './patroni.ts'
import { lookAtPrometheus } from './prometheus.ts'
import { lookAtRabbitmq } from './rabbitmq.ts'
import { type Reply, readReplies } from './redis.ts'
import { lookAtSentinel } from './sentinel.ts'

/** Hosts that answer these paths and no others. */
const answering =
  (answers: Record<string, unknown>): Ask =>
  async (url) => {
    const found = Object.entries(answers).find(([path]) => url.endsWith(path))
    if (!found) throw new Error('ECONNREFUSED')
    return { status: 200, text: typeof found[1] === 'string' ? found[1] : JSON.stringify(found[1]) }
  }

describe('Patroni', () => {
  const feed = { kind: 'patroni', component: 'db', urls: ['http://a:1', 'http://b:1'] } as const
  const look = (...members: [role: string, state: string, lag?: number][]) =>
    lookAtPatroni(
      { ...feed, urls: [...feed.urls] },
      answering({
        'b:1/cluster': { members: members.map(([role, state, lag], i) => ({ name: `n${i}`, role, state, lag })) },
      }),
    )

  it('is fine while one leads and the others follow, whichever member says it', async () => {
    expect(await look(['leader', 'running'], ['sync_standby', 'streaming', 0])).toMatchObject({
      state: 'fine',
      says: 'n0 leads, 1 of 1 standbys follow',
    })
  })

  it('is down while nobody leads', async () => {
    expect(await look(['replica', 'streaming'], ['leader', 'stopped'])).toMatchObject({ state: 'down' })
  })

  it('has trouble while a standby does not follow', async () => {
    expect(await look(['leader', 'running'], ['replica', 'start failed', 12])).toMatchObject({
      state: 'trouble',
      members: [{ says: 'leader, running' }, { says: 'replica, start failed, lag 12' }],
    })
  })

  it('cannot be told of when nobody answers, or answers something else', async () => {
    const ask = answering({ 'a:1/cluster': 'hello', 'b:1/cluster': { members: 3 } })
    await expect(lookAtPatroni({ ...feed, urls: [...feed.urls] }, ask)).rejects.toThrow(
      'none could be asked (a:1: answers something else; b:1: answers something else)',
    )
  })
})

describe('Redis Sentinel', () => {
  const fields = (values: Record<string, string>) => Object.entries(values).flat()
  const look = (flags: string, ...copies: string[]) =>
    lookAtSentinel(
      { kind: 'sentinel', component: 'cache', addresses: ['c:1'], master: 'm', password: 'p' },
      async () => [
        'OK',
        fields({ ip: '10.0.0.1', port: '6379', flags }),
        copies.map((flags, i) => fields({ ip: `10.0.0.${i + 2}`, port: '6379', flags, 'master-link-status': 'ok' })),
      ],
    )

  it('says who takes writes and which copies follow', async () => {
    expect(await look('master', 'slave', 'slave,s_down')).toMatchObject({
      state: 'trouble',
      says: '10.0.0.1:6379 takes writes, 1 of 2 copies follow',
    })
    expect(await look('master', 'slave')).toMatchObject({ state: 'fine' })
  })

  it('is down when the Sentinels agree, not when one of them suspects', async () => {
    expect(await look('master,s_down,o_down')).toMatchObject({ state: 'down' })
    expect(await look('master,s_down')).toMatchObject({ state: 'trouble' })
  })

  it.each<[string, readonly Reply[] | undefined]>([
    ['+OK\r\n', ['OK']],
    ['$5\r\nhello\r\n', ['hello']],
    ['$-1\r\n', [null]],
    ['*2\r\n$1\r\na\r\n*1\r\n:3\r\n', [['a', ['3']]]],
    ['$5\r\nhel', undefined],
    ['*2\r\n$1\r\na\r\n', undefined],
  ])('replies %j are read whole or not yet', (text, replies) => {
    expect(readReplies(Buffer.from(text), 1)).toEqual(replies)
  })

  it.each([
    '-NOAUTH Authentication required.\r\n',
    'HTTP/1.1 400 Bad Request\r\n',
    '*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n',
  ])('%j is refused', (text) => {
    expect(() => readReplies(Buffer.from(text), 1)).toThrow(/NOAUTH|protocol of Redis/)
  })
})

describe('RabbitMQ', () => {
  const look = (...nodes: object[]) =>
    lookAtRabbitmq(
      { kind: 'rabbitmq', component: 'queue', urls: ['http://q:1'], user: 'u', password: 'p' },
      answering({
        '/api/nodes': nodes.map((node, i) => ({ name: `rabbit@${i}`, running: true, ...node })),
        '/api/overview': { queue_totals: { messages: 7 } },
      }),
    )

  it('is down without a majority of its nodes, and has trouble when one of them has', async () => {
    expect(await look({}, {}, {})).toMatchObject({ state: 'fine', says: '3 of 3 nodes run, 7 messages wait' })
    expect(await look({}, {}, { running: false })).toMatchObject({ state: 'trouble' })
    expect(await look({}, { running: false }, { running: false })).toMatchObject({ state: 'down' })
    expect((await look({}, { mem_alarm: true, partitions: ['rabbit@0'] })).members[1]).toEqual({
      name: 'rabbit@1',
      says: 'memory is short, cut off from others',
    })
  })
})

describe('a query of Prometheus', () => {
  const look = (result: unknown[], means?: 'down') =>
    lookAtPrometheus(
      { kind: 'prometheus', urls: ['http://p:9090'], query: 'up == 0', ...(means && { means }) },
      answering({
        '/api/v1/query?query=up%20%3D%3D%200': { status: 'success', data: { resultType: 'vector', result } },
      }),
    )
  const series = { metric: { __name__: 'up', job: 'shop' }, value: [1, '0'] }

  it('shows its figures; that it means something, holds as soon as it gives any', async () => {
    expect(await look([series])).toEqual({ state: 'fine', says: '0', members: [{ name: 'job=shop', says: '0' }] })
    expect(await look([series], 'down')).toMatchObject({ state: 'down' })
    expect(await look([], 'down')).toMatchObject({ state: 'fine', says: '0 series' })
  })
})

describe('a health endpoint', () => {
  const look = (answers: Record<string, number | string>) =>
    lookAtHttp({ kind: 'http', component: 'shop', urls: Object.keys(answers) }, async (url) => {
      const answer = answers[url]
      if (typeof answer !== 'number') throw new Error(answer)
      return { status: answer, text: '' }
    })

  it('takes its component down when no instance is well; one that does not answer in time hangs', async () => {
    expect(await look({ 'http://a:1/h': 200, 'http://b:1/h': 503 })).toMatchObject({
      state: 'trouble',
      says: '1 of 2 answer well',
    })
    expect(await look({ 'http://a:1/h': 500 })).toMatchObject({ state: 'down', mode: 'crash' })
    expect(await look({ 'http://a:1/h': NO_ANSWER })).toMatchObject({ state: 'down', mode: 'hang' })
  })
})
