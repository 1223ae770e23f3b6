import type { FastifyInstance } from 'fastify'
import { type Assessment, type Failing, failTogether } from '../../assess/index.ts'
import type { Evidence, Proof } from '../../evidence/index.ts'
import { describeComponent, listClaims } from '../web/component.ts'
import type { HubDocs } from '../web/docs.ts'
import { describeEvidence } from '../web/evidence.ts'
import { describeFallen, describeMap } from '../web/map.ts'
import { describeOverview } from '../web/overview.ts'
import type { RunbookEntry } from '../web/pages-run.ts'
import { describeRoadmap } from '../web/roadmap.ts'
import type { DrillEntry } from '../web/runs.ts'
import type { Access, Person } from './access.ts'
import { addRefusals } from './refuse.ts'
import type { Streams } from './streams.ts'

/** The vault as it was last read. */
export interface Snapshot {
  readonly assessment: Assessment
  readonly proof: Proof
  readonly evidence: Evidence
  readonly drills: readonly DrillEntry[]
  readonly runbooks: readonly RunbookEntry[]
  readonly docs: HubDocs
}

export interface HubOptions {
  /** Throws an `Error` with a message for people while the vault cannot be read. */
  readonly read: () => Snapshot
  readonly streams: Streams
  readonly access: Access
  readonly hosts: readonly string[]
  /** The pages by path, from memory: no request names a file. */
  readonly files: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }>
  readonly actions: Actions
}

/** What people may set going. Each throws an `Error` with a message for them when it cannot. */
export interface Actions {
  readonly runDrill: (drill: string, by: Person) => Promise<void>
  readonly stopDrill: (by: Person) => Promise<void>
  readonly runPage: (runbook: string, by: Person) => Promise<void>
  readonly answer: (question: number, value: string, by: Person) => Promise<void>
  readonly stopPage: (by: Person) => Promise<void>
}

/** Loaded when it is needed: other commands start in half the time without it. */
export async function createHub(options: HubOptions): Promise<FastifyInstance> {
  const { default: Fastify } = await import('fastify')
  const app = Fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true })
  addRefusals(app, options)
  // What an action throws is for the person: it cannot be done now.
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) =>
    reply.code(error.statusCode ?? (request.method === 'POST' ? 409 : 500)).send({ message: error.message }),
  )
  addReading(app, options)
  addActions(app, options)
  addStream(app, options)
  addPages(app, options)
  return app
}

function addReading(app: FastifyInstance, { read }: HubOptions): void {
  app.get('/api/overview', () => describeOverview(read().assessment, read().proof))
  app.get('/api/map', () => {
    const { assessment, proof } = read()
    return describeMap(assessment, (claim) => proof.support.supported.has(claim))
  })
  app.get<{ Querystring: { fail?: string } }>('/api/what-if', ({ query }) => {
    const { assessment } = read()
    const failing = readFailing(assessment, query.fail ?? '')
    return describeFallen(assessment, failing, failTogether(assessment.model, failing))
  })
  app.get<{ Params: { id: string } }>('/api/components/:id', ({ params }, reply) => {
    const { assessment, proof } = read()
    const found = describeComponent(assessment, proof, params.id)
    return found ?? reply.code(404).send({ message: `There is no component "${params.id}".` })
  })
  app.get('/api/claims', () => listClaims(read().proof, () => true))
  app.get('/api/evidence', () => describeEvidence(read().evidence, read().proof))
  app.get('/api/roadmap', () => describeRoadmap(read().assessment, read().proof))
  app.get('/api/drills', () => read().drills)
  app.get('/api/runbooks', () => read().runbooks)
  app.get('/api/docs', () => read().docs.list())
  app.get<{ Querystring: { path?: string } }>('/api/docs/page', ({ query }, reply) => {
    const page = read().docs.page(query.path ?? '')
    return page ?? reply.code(404).send({ message: `There is no page "${query.path}".` })
  })
  app.get<{ Querystring: { q?: string } }>('/api/search', ({ query }) =>
    read().docs.search((query.q ?? '').slice(0, 200)),
  )
}

/** `bbd,redis:hang`: ids of the model only. */
function readFailing({ model }: Assessment, text: string): Failing[] {
  return text
    .split(',')
    .filter((word) => word !== '')
    .slice(0, 50)
    .flatMap((word) => {
      const [component = '', mode] = word.split(':')
      if (!model.components.some(({ id }) => id === component)) return []
      return [{ component, mode: mode === 'hang' ? 'hang' : 'crash' }]
    })
}

function addActions(app: FastifyInstance, { actions }: HubOptions): void {
  const act = <Params>(path: string, perform: (params: Params, person: Person) => Promise<void>) =>
    app.post(path, { config: { role: 'operator' } }, async (request, reply) => {
      await perform({ ...(request.params as Params), ...(request.query as Params) }, request.person)
      return reply.code(202).send({ message: 'accepted' })
    })
  act<{ drill: string }>('/api/drills/:drill/run', ({ drill }, by) => actions.runDrill(drill, by))
  act('/api/run/stop', (_none, by) => actions.stopDrill(by))
  act<{ runbook: string }>('/api/runbooks/:runbook/run', ({ runbook }, by) => actions.runPage(runbook, by))
  act('/api/page/stop', (_none, by) => actions.stopPage(by))
  app.post<{ Body: { id?: unknown; value?: unknown } }>(
    '/api/page/answer',
    { config: { role: 'operator' } },
    async ({ body, person }, reply) => {
      if (typeof body?.id !== 'number' || typeof body.value !== 'string')
        return reply.code(400).send({ message: 'An answer is the number of the question and a value.' })
      await actions.answer(body.id, body.value, person)
      return reply.code(202).send({ message: 'accepted' })
    },
  )
}

function addStream(app: FastifyInstance, { streams }: HubOptions): void {
  app.get('/api/events', (_request, reply) => {
    if (streams.isFull) return reply.code(503).send({ message: 'Too many pages are open.' })
    reply.hijack()
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    })
    streams.open(reply.raw)
  })
}

/** The page itself needs no session: it holds nothing but the program. */
function addPages(app: FastifyInstance, { files, access }: HubOptions): void {
  const anyone = { config: { role: 'nobody' } } as const
  app.get<{ Querystring: { token?: string } }>('/sign-in', anyone, (request, reply) => {
    const cookie = access.signIn(request.query.token ?? '')
    if (cookie === undefined) return reply.code(401).send({ message: 'This link is not valid, or was used.' })
    return reply.header('set-cookie', cookie).redirect('/')
  })
  app.get('/*', anyone, (request, reply) => {
    const path = request.url.split('?')[0] ?? '/'
    const isAsset = path.startsWith('/assets/')
    const file = files.get(path) ?? (isAsset || path.startsWith('/api/') ? undefined : files.get('/index.html'))
    if (!file) return reply.code(404).send({ message: `There is no ${path}.` })
    return reply
      .header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache')
      .type(file.type)
      .send(file.body)
  })
}
