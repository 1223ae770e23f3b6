import type { FastifyReply, FastifyRequest } from 'fastify'
import { type App, Problem } from '../../kernel/index.ts'
import { addBookingRoutes } from './booking-routes.ts'
import { addOrderRoutes } from './order-routes.ts'
import { addMe, addSignIn } from './rider-routes.ts'
import { readToken } from './token.ts'
import type { Upstreams } from './upstreams.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; empty on the routes that anybody may call. */
    riderId: string
  }
}

export function addRoutes(app: App, options: { upstreams: Upstreams; tokenSecret: string }): void {
  const { upstreams, tokenSecret } = options
  app.decorateRequest('riderId', '')
  addSignIn(app, { riders: upstreams.riders, tokenSecret })
  app.register(async (signedIn: App) => {
    signedIn.addHook('onRequest', async (request, reply) => identify(request, reply, tokenSecret))
    addMe(signedIn, upstreams)
    addBookingRoutes(signedIn, upstreams)
    addOrderRoutes(signedIn, upstreams)
  })
}

function identify(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const riderId = readToken(token, { secret, nowMs: Date.now() })
  if (riderId === undefined) {
    reply.header('www-authenticate', 'Bearer')
    throw new Problem(401, 'not-signed-in', { detail: 'Sign in at /v1/sign-in and send the token as Bearer.' })
  }
  request.riderId = riderId
}
