import type { FastifyRequest } from 'fastify'
import { type App, isSame, Problem } from '../../../kernel/index.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ]{0,39}$/

/** Lets only those in who know the token and say who they are. */
export function admitOperators(app: Pick<App, 'addHook'>, token: string): void {
  app.addHook('onRequest', async (request, reply) => {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (given === undefined || !isSame(given, token)) {
      reply.header('www-authenticate', 'Bearer')
      throw new Problem(401, 'operator-unknown', { detail: 'The operator token is missing or wrong.' })
    }
    operatorOf(request)
  })
}

export function operatorOf({ headers }: FastifyRequest): string {
  const name = headers['x-operator']
  if (typeof name === 'string' && NAME.test(name)) return name.trimEnd()
  throw new Problem(400, 'operator-name', {
    detail: 'Say who you are in the header x-operator: 1 to 40 letters, digits and spaces.',
  })
}
