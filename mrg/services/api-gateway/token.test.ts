import { describe, expect, it } from 'vitest'
import { sign } from '../../kernel/index.ts'
import { issueToken, readToken } from './token.ts'

const secret = 'a secret of the gateway'
const nowMs = 1_000_000
const good = issueToken({ riderId: 'rider-7', expiresAtMs: nowMs + 1, secret })
const [claims = '', signature = ''] = good.split('.')
const claimsOf = (text: string) => Buffer.from(text).toString('base64url')

function check(token: string, expected: string | undefined) {
  expect(readToken(token, { secret, nowMs })).toBe(expected)
}

describe('token', () => {
  it('says who it was issued to', () => check(good, 'rider-7'))

  it('keeps an id that contains its own separator', () =>
    check(issueToken({ riderId: 'a|b', expiresAtMs: nowMs + 1, secret }), 'a|b'))

  it('is worth nothing from the moment it expires', () =>
    check(issueToken({ riderId: 'rider-7', expiresAtMs: nowMs, secret }), undefined))

  it('is worth nothing under another secret', () =>
    check(issueToken({ riderId: 'rider-7', expiresAtMs: nowMs + 1, secret: 'another secret' }), undefined))

  it.each([
    ['another rider', `${claimsOf(`rider-8|${nowMs + 1}`)}.${signature}`],
    ['a later expiry', `${claimsOf(`rider-7|${nowMs + 2}`)}.${signature}`],
    ['another signature', `${claims}.${signature.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`],
    ['no signature', claims],
    ['an empty signature', `${claims}.`],
    ['something appended', `${good}.x`],
  ])('is worth nothing when forged: %s', (_how, token) => check(token, undefined))

  it.each(['', '.', '..', 'junk', 'Bearer', '\u0000.\u0000', 'é.é'])('junk is no token: %j', (token) =>
    check(token, undefined),
  )

  it.each(['rider-7', '|5', 'rider-7|', 'rider-7|soon', 'rider-7|NaN'])(
    'signed claims of another shape are no token: %j',
    (text) => check(`${claimsOf(text)}.${sign(claimsOf(text), secret)}`, undefined),
  )
})
