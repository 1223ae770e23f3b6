import { isSame, isSignedBy, Problem, sign } from '../../kernel/index.ts'

const LIFE_S = 300

/** Tokens carry their own end and are signed, so they outlive a restart and need no books. */
export interface Access {
  issue(clientId: string, clientSecret: string): { accessToken: string; expiresInS: number }
  /** Throws unless the header holds a token that is still good. */
  check(authorization: string | undefined): void
}

export function createAccess(expected: { clientId: string; clientSecret: string }): Access {
  const { clientId, clientSecret } = expected
  return {
    issue(id, secret) {
      if (!isSame(id, clientId) || !isSame(secret, clientSecret))
        throw new Problem(401, 'invalid-client', { detail: 'There is no such client, or its secret is another one.' })
      const end = String(Date.now() + LIFE_S * 1_000)
      return { accessToken: `${end}.${sign(end, clientSecret)}`, expiresInS: LIFE_S }
    },
    check(authorization) {
      const [, end = '', signature] = authorization?.match(/^Bearer (\d+)\.([0-9a-f]+)$/) ?? []
      if (!isSignedBy(end, signature, clientSecret) || Number(end) <= Date.now())
        throw new Problem(401, 'invalid-token', { detail: 'Ask POST /auth/token for a token and send it as Bearer.' })
    },
  }
}
