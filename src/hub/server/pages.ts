import type { FastifyInstance } from 'fastify'
import type { Brought } from '../contract/brought.ts'
import { describeOverview } from '../web/overview.ts'
import type { HubOptions, Snapshot } from './create-hub.ts'

/** The program needs no session; what the page brings of the vault does. */
export function addPages(app: FastifyInstance, { files, access, read }: HubOptions): void {
  const anyone = { config: { role: 'nobody' }, schema: { hide: true } } as const
  const page = String(files.get('/index.html')?.body)
  app.get<{ Querystring: { token?: string } }>('/sign-in', anyone, (request, reply) => {
    const cookie = access.signIn(request.query.token ?? '')
    if (cookie === undefined) return reply.code(401).send({ message: 'This link is not valid, or was used.' })
    return reply.header('set-cookie', cookie).redirect('/')
  })
  app.get('/*', anyone, (request, reply) => {
    const path = request.url.split('?')[0] ?? '/'
    const isAsset = path.startsWith('/assets/')
    const file = path === '/index.html' ? undefined : files.get(path)
    if (file)
      return reply
        .header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache')
        .type(file.type)
        .send(file.body)
    if (isAsset || path.startsWith('/api/')) return reply.code(404).send({ message: `There is no ${path}.` })
    const mayLook = access.personOf(request.headers.cookie) !== undefined
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(mayLook ? addBrought(page, path, read) : page)
  })
}

/** The page asks for itself, and is told why it gets nothing, while the vault cannot be read. */
function addBrought(page: string, path: string, read: () => Snapshot): string {
  try {
    const { digest, assessment, proof } = read()
    const answers = path === '/' ? { '/api/overview': describeOverview(assessment, proof) } : {}
    return page.replace('</head>', () => `${writeBrought({ digest, answers })}</head>`)
  } catch {
    return page
  }
}

/** Data, which no browser runs. No text of the vault can end it: it holds no `<`. */
function writeBrought(brought: Brought): string {
  const text = JSON.stringify(brought).replaceAll('<', '\\u003c')
  return `<script type="application/json" id="brought">${text}</script>`
}
