import type { FastifyInstance } from 'fastify'
import type { HubOptions } from './create-hub.ts'

/** The page itself needs no session: it holds nothing but the program. */
export function addPages(app: FastifyInstance, { files, access }: HubOptions): void {
  const anyone = { config: { role: 'nobody' }, schema: { hide: true } } as const
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
