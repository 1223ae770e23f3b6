import { isSignedBy, sign } from '../../kernel/index.ts'

export const TOKEN_LIFE_MS = 12 * 60 * 60 * 1000

/** What a signed-in rider shows: who they are and until when, in base64url, and its signature after a dot. */
export function issueToken(options: { riderId: string; expiresAtMs: number; secret: string }): string {
  const claims = Buffer.from(`${options.riderId}|${options.expiresAtMs}`).toString('base64url')
  return `${claims}.${sign(claims, options.secret)}`
}

/** The rider that `token` was issued to; undefined when it is forged, expired or no token at all. */
export function readToken(token: string, options: { secret: string; nowMs: number }): string | undefined {
  const [claims = '', signature, ...rest] = token.split('.')
  if (rest.length > 0 || !isSignedBy(claims, signature, options.secret)) return undefined
  const text = Buffer.from(claims, 'base64url').toString()
  const bar = text.lastIndexOf('|')
  const expiresAtMs = Number(text.slice(bar + 1))
  return bar > 0 && expiresAtMs > options.nowMs ? text.slice(0, bar) : undefined
}
