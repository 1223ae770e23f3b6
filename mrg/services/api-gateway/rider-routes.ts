import * as z from 'zod'
import { moment, rider } from '../../contracts/booking.ts'
import type { App } from '../../kernel/index.ts'
import { issueToken, TOKEN_LIFE_MS } from './token.ts'
import type { Upstreams } from './upstreams.ts'

const session = z.object({ token: z.string(), riderId: z.string(), expiresAt: moment })

/** The lab's riders are known by their phone alone; a real one would prove that it is theirs. */
export function addSignIn(app: App, options: Pick<Upstreams, 'riders'> & { tokenSecret: string }): void {
  const { riders, tokenSecret } = options
  app.post(
    '/v1/sign-in',
    { schema: { body: z.object({ phone: z.string().min(5).max(20) }), response: { 200: session } } },
    async ({ body }) => {
      const { riderId } = await riders.call('GET', `/riders?phone=${encodeURIComponent(body.phone)}`, { answer: rider })
      const expiresAtMs = Date.now() + TOKEN_LIFE_MS
      const token = issueToken({ riderId, expiresAtMs, secret: tokenSecret })
      return { token, riderId, expiresAt: new Date(expiresAtMs).toISOString() }
    },
  )
}

export function addMe(app: App, { riders }: Pick<Upstreams, 'riders'>): void {
  app.get('/v1/me', { schema: { response: { 200: rider } } }, async ({ riderId }) =>
    riders.call('GET', `/riders/${encodeURIComponent(riderId)}`, { answer: rider }),
  )
}
