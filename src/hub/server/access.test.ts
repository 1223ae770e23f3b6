import { describe, expect, it } from 'vitest'
import { createAccess, mayDo } from './access.ts'

const world = () => {
  let now = 1_000_000
  const made = createAccess(() => now)
  const token = (role: 'viewer' | 'operator' | 'approver') => made.tokens.get(role) ?? ''
  return { ...made, token, pass: (ms: number) => (now += ms) }
}
/** As a browser sends back what it was given. */
const cookieOf = (header: string | undefined) => header?.split(';')[0]

describe('signing in', () => {
  it('gives the role of its link, and each link works once', () => {
    const { access, token } = world()
    const cookie = cookieOf(access.signIn(token('operator')))
    expect(access.personOf(cookie)?.role).toBe('operator')
    expect(access.signIn(token('operator'))).toBeUndefined()
  })

  it('keeps the session from scripts and from other sites', () => {
    const { access, token } = world()
    expect(access.signIn(token('viewer'))).toMatch(/HttpOnly; SameSite=Strict/)
  })

  it('ends after twelve hours', () => {
    const { access, token, pass } = world()
    const cookie = cookieOf(access.signIn(token('viewer')))
    pass(12 * 60 * 60 * 1000)
    expect(access.personOf(cookie)).toBeUndefined()
  })

  it('is closed to everyone for a minute after ten wrong tokens, also for the right one', () => {
    const { access, token, pass } = world()
    for (let n = 0; n < 10; n++) expect(access.signIn(`wrong ${n}`)).toBeUndefined()
    expect(access.signIn(token('viewer'))).toBeUndefined()
    pass(60_001)
    expect(access.signIn(token('viewer'))).toBeDefined()
  })

  it('knows nobody by a made-up, empty or missing cookie', () => {
    const { access } = world()
    for (const cookie of [undefined, '', 'linchpin=', 'linchpin=abc', 'other=1; linchpin=%00'])
      expect(access.personOf(cookie)).toBeUndefined()
  })
})

describe('roles', () => {
  it.each([
    ['viewer', 'viewer', true],
    ['viewer', 'operator', false],
    ['operator', 'viewer', true],
    ['operator', 'approver', false],
    ['approver', 'operator', true],
  ] as const)('a %s may do what takes a %s: %s', (role, needed, expected) => {
    expect(mayDo({ role, name: '' }, needed)).toBe(expected)
  })
})
