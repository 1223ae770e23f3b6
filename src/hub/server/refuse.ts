import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Access, mayDo, type Person, type Role } from './access.ts'
import type { AlertReceiver } from './create-hub.ts'

export interface RefuseOptions {
  readonly access: Access
  /** Names by which it may be called, without the port: any other is another site's that points here. */
  readonly hosts: readonly string[]
  readonly alerts: AlertReceiver
}

declare module 'fastify' {
  interface FastifyRequest {
    person: Person
  }
  interface FastifyContextConfig {
    /** Default: `viewer`. `nobody`: before anyone has signed in. `alertmanager`: a program, which shows its token. */
    role?: Role | 'nobody' | 'alertmanager'
  }
}

const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * What holds for every request: it names a host of ours (a page of another site that resolves to this machine does
 * not), it comes from somebody who may do this, and what changes something was sent by our own page: another site's
 * could neither set this header nor have this origin.
 */
export function addRefusals(app: FastifyInstance, options: RefuseOptions): void {
  app.decorateRequest('person', null as unknown as Person)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', CONTENT_POLICY)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    reply.header('cross-origin-opener-policy', 'same-origin')
    const refusal = findRefusal(request, options)
    if (refusal) return reply.code(refusal.status).send({ message: refusal.message })
  })
}

function findRefusal(request: FastifyRequest, { access, hosts, alerts }: RefuseOptions) {
  if (!hosts.includes(hostOf(request.headers.host)))
    return { status: 421, message: 'This name is not one of this server. Use the address that it printed.' }
  const role = request.routeOptions.config.role ?? 'viewer'
  if (role === 'alertmanager') return refuseAlerts(alerts.mayReceive(request.headers.authorization))
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isOurs(request))
    return { status: 403, message: 'Only the pages of this server may do that.' }
  const person = access.personOf(request.headers.cookie)
  if (role === 'nobody') return undefined
  if (!person) return { status: 401, message: 'Sign in with the link that the server printed when it started.' }
  if (!mayDo(person, role)) return { status: 403, message: `This takes the role ${role}; yours is ${person.role}.` }
  request.person = person
  return undefined
}

/** A browser sends no such header by itself, so a page of another site cannot send alerts. */
function refuseAlerts(may: boolean | undefined) {
  if (may) return undefined
  if (may === undefined)
    return { status: 404, message: 'No alerts are taken here. Name a token in live.yaml: docs/guide/hub.md.' }
  return { status: 401, message: 'Show the token of live.yaml: Authorization: Bearer …' }
}

function isOurs({ headers }: FastifyRequest): boolean {
  const isSameOrigin = headers.origin === undefined || headers.origin.replace(/^https?:\/\//, '') === headers.host
  return headers['x-linchpin'] === '1' && isSameOrigin
}

function hostOf(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').toLowerCase()
}
