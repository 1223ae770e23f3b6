import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HubLive } from '../src/hub/index.ts'
import { createHubWorld, type HubWorld } from './hub-world.ts'

// What Live is told by other programs: hosts that live.yaml names, and Alertmanager. No lab runs here.

const TOKEN = 'a-token-of-this-test'

let hub: HubWorld
let isWell = true
const asked: string[] = []
const servers: Server[] = []

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`)
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  const stock = await listen((_request, response) => response.writeHead(isWell ? 200 : 503).end())
  const elsewhere = await listen((_request, response) => response.end('secret'))
  const redirecting = await listen((_request, response) => response.writeHead(302, { location: elsewhere }).end())
  const live = `
feeds:
  warehouse: { kind: http, component: stock, urls: ["${stock}/health"] }
  leading-away: { kind: prometheus, urls: ["${redirecting}"], query: up }
alertmanager: { token: ${TOKEN} }
`
  hub = await createHubWorld({ live })
})
afterAll(async () => {
  for (const server of servers) server.close()
  await hub?.dispose()
})

/** The next state of Live that is as it should be. */
async function seeLive(isWanted: (live: HubLive) => boolean): Promise<HubLive> {
  const { body } = await fetch(`${hub.address}/api/events`)
  let text = ''
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString()
    const states = [...text.matchAll(/^event: live\ndata: (.*)\n\n/gm)].map(
      ([, data = '']) => JSON.parse(data) as HubLive,
    )
    const found = states.find(isWanted)
    if (found) return found
  }
  throw new Error('the stream ended')
}

const feedOf = ({ feeds }: HubLive, name: string) => feeds.find((feed) => feed.name === name)

describe('what live.yaml names', () => {
  it('is asked, and takes its component and the flows on it down', async () => {
    await seeLive((live) => feedOf(live, 'warehouse')?.state === 'fine')
    isWell = false
    const live = await seeLive(({ down }) => down.length > 0)
    expect(live.down.map(({ component, runbook }) => [component, runbook])).toEqual([['stock', 'RUNBOOK-Stock-Down']])
    expect(live.hit.length).toBeGreaterThan(0)
    isWell = true
    await seeLive(({ down }) => down.length === 0)
  })

  it('leads nowhere else: an answer that points to another host is not followed', async () => {
    const live = await seeLive((live) => feedOf(live, 'leading-away') !== undefined)
    expect(feedOf(live, 'leading-away')).toMatchObject({
      state: 'unknown',
      says: expect.stringContaining('leads elsewhere, which is not followed'),
    })
    expect(asked.filter((path) => !/health|api\/v1\/query/.test(path))).toEqual([])
  })
})

describe('alerts', () => {
  const alert = (status: string) => ({
    status,
    fingerprint: 'f1',
    labels: { alertname: 'CircuitBreakerOpen', component: 'shop', dependency: 'shop>stock', severity: 'critical' },
    annotations: { summary: 'open for a minute <script>alert(1)</script>' },
    startsAt: '2026-01-01T03:00:00.000Z',
  })
  const send = (body: string, authorization = `Bearer ${TOKEN}`) =>
    hub.ask('/api/alerts', { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body })
  const payload = (...alerts: object[]) => JSON.stringify({ version: '4', alerts })

  it('show their component, what it takes down and the runbook, until they are resolved', async () => {
    expect((await send(payload(alert('firing')))).status).toBe(200)
    const { alerts } = await seeLive((live) => live.alerts.length > 0)
    expect(alerts).toMatchObject([
      { alert: 'CircuitBreakerOpen', severity: 'critical', component: 'stock', runbooks: ['RUNBOOK-Stock-Down'] },
    ])
    expect((await send(payload(alert('resolved')))).status).toBe(200)
    await seeLive((live) => live.alerts.length === 0)
  })

  it('are taken from nobody who does not show the token', async () => {
    for (const authorization of ['', 'Bearer ', 'Bearer a-token-of-this-tes', `Basic ${TOKEN}`])
      expect((await send(payload(alert('firing')), authorization)).status).toBe(401)
  })

  it('are refused when they are too large, no JSON, or something else', async () => {
    expect((await send('x'.repeat(600 * 1024))).status).toBe(413)
    for (const body of ['', '{', '{"alerts":[]}', '[]']) expect([body, (await send(body)).status]).toEqual([body, 400])
    expect((await seeLive(() => true)).alerts).toEqual([])
  })

  it('are not taken at all where no token is set', async () => {
    const other = await createHubWorld()
    const body = payload(alert('firing'))
    const headers = { authorization: 'Bearer undefined', 'content-type': 'application/json' }
    expect((await other.ask('/api/alerts', { method: 'POST', headers, body })).status).toBe(404)
    await other.dispose()
  })
})
