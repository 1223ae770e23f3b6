import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTIONS, READINGS, said } from '../src/hub/contract/routes.ts'
import { createHubWorld, type HubWorld } from './hub-world.ts'

interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>
}

// Somebody who should not be here, at the real server.

describe('on the loopback interface', () => {
  let hub: HubWorld
  beforeAll(async () => {
    hub = await createHubWorld()
  })
  afterAll(() => hub?.dispose())

  it('a page of another site that resolves to this machine gets nothing', async () => {
    for (const host of ['evil.example', 'evil.example:7400', 'localhost.evil.example'])
      expect((await hub.ask('/api/overview', { headers: { host } })).status).not.toBe(200)
    expect((await hub.ask('/api/overview')).status).toBe(200)
  })

  it('a page of another site can set nothing going', async () => {
    const post = (headers: Record<string, string>) =>
      hub.ask('/api/drills/stock-hangs/run', { method: 'POST', headers })
    expect((await post({})).status).toBe(403)
    expect((await post({ origin: 'http://evil.example', 'x-linchpin': '1' })).status).toBe(403)
    expect((await post({ 'x-linchpin': '2' })).status).toBe(403)
    expect(hub.audit()).toEqual([])
  })

  it('reading acts on nothing: no GET runs a drill', async () => {
    for (const path of ['/api/drills/stock-hangs/run', '/api/run/stop'])
      expect((await hub.ask(path, { headers: { 'x-linchpin': '1' } })).status).toBe(404)
  })

  it('no request leaves the pages', async () => {
    for (const path of [
      '/assets/..%2f..%2fpackage.json',
      '/assets/../../package.json',
      '/..%2f..%2fetc/passwd',
      '/assets/%00',
    ])
      expect((await hub.ask(path)).text).not.toMatch(/"name":|root:/)
    for (const path of ['../../package.json', '/etc/passwd', '..%2f..%2f..%2fetc%2fpasswd'])
      expect((await hub.ask(`/api/docs/page?path=${path}`)).status).toBe(404)
  })

  it('nothing may be loaded from elsewhere, and no script be written into a page', async () => {
    const { headers, text } = await hub.ask('/')
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/)
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  it('describes every route, with what it takes and gives, and holds itself to it', async () => {
    const document = JSON.parse((await hub.ask('/api/openapi.json')).text) as OpenApi
    expect(document.openapi).toBe('3.1.0')
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => ({ path, method, responses })),
    )
    const asDescribed = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}')
    for (const path of Object.keys(READINGS)) expect(document.paths[asDescribed(path)]).toHaveProperty('get')
    for (const path of Object.keys(ACTIONS)) expect(document.paths[asDescribed(path)]).toHaveProperty('post')
    expect(described.filter(({ responses }) => Object.keys(responses).length === 0)).toEqual([])
    const values = { ':id': 'stock', ':run': 'nothing' }
    for (const [path, { answers }] of Object.entries(READINGS)) {
      const filled = Object.entries(values).reduce((text, [name, value]) => text.replace(name, value), path)
      const { status, text } = await hub.ask(filled === '/api/docs/page' ? `${filled}?path=README.md` : filled)
      const schema = status === 200 ? answers : said
      expect([path, schema.safeParse(JSON.parse(text)).error]).toEqual([path, undefined])
    }
  })

  it('says in one line what a request lacks', async () => {
    const headers = { 'x-linchpin': '1', 'content-type': 'application/json' }
    const post = (body: string) => hub.ask('/api/page/answer', { method: 'POST', headers, body })
    expect((await hub.ask('/api/docs/page')).status).toBe(400)
    expect((await post('{"id":"1","value":"yes","more":1}')).text).toMatch(
      /^\{"message":"This is not what .* takes\. id: /,
    )
    expect((await post('{"id":1,"value":"yes"}')).status).toBe(409)
  })

  it('an unknown drill, component or page is said to be unknown', async () => {
    const headers = { 'x-linchpin': '1' }
    expect((await hub.ask('/api/components/nobody')).text).toContain('no component \\"nobody\\"')
    expect((await hub.ask('/api/drills/nothing/run', { method: 'POST', headers })).text).toContain(
      'no drill \\"nothing\\"',
    )
    expect((await hub.ask('/api/nowhere')).status).toBe(404)
  })

  it('no text of the vault ends the data that the page brings', async () => {
    const title = '</script><script>alert("$&")</script><!--'
    const file = join(hub.folder, 'vault/system/shop.yaml')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/^system: shop$/m, () => `system: shop\ntitle: '${title}'`),
    )
    const { headers, text } = await hub.ask('/')
    expect(headers['cache-control']).toBe('no-store')
    const [, data = ''] = /<script type="application\/json" id="brought">([^<]*)<\/script>/.exec(text) ?? []
    expect(JSON.parse(data).answers['/api/overview'].title).toBe(title)
  })
})

describe('where other machines reach it', () => {
  let hub: HubWorld
  beforeAll(async () => {
    hub = await createHubWorld({ args: ['--bind', '0.0.0.0'] })
  })
  afterAll(() => hub?.dispose())

  it('answers to the names of this machine, and to no other', async () => {
    const statusOf = async (host: string) => (await hub.ask('/', { headers: { host } })).status
    expect([await statusOf(`${hostname()}:80`), await statusOf('evil.example')]).toEqual([200, 421])
  })

  it('nobody reads or acts before signing in, with a link that works once and for its role', async () => {
    expect((await hub.ask('/api/overview')).status).toBe(401)
    expect((await hub.ask('/api/events')).status).toBe(401)
    expect((await hub.ask('/')).text).not.toContain('brought')
    const link = /as viewer, once: \S+(\/sign-in\?token=\S+)/.exec(hub.printed)?.[1] ?? ''
    const signedIn = await hub.ask(link)
    expect(signedIn.status).toBe(302)
    const [cookie = ''] = String(signedIn.headers['set-cookie']).split(';')
    expect((await hub.ask('/api/overview', { headers: { cookie } })).status).toBe(200)
    expect((await hub.ask('/', { headers: { cookie } })).text).toContain('"/api/overview":{')
    expect((await hub.ask(link)).status).toBe(401)
    const headers = { cookie, 'x-linchpin': '1' }
    const refused = await hub.ask('/api/drills/stock-hangs/run', { method: 'POST', headers })
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('takes the role operator')])
  })
})
