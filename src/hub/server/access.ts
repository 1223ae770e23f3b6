import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const ROLES = ['viewer', 'operator', 'approver'] as const
/** Each may do what those before it may: look; run drills and runbooks; approve what is dangerous. */
export type Role = (typeof ROLES)[number]

export interface Person {
  readonly role: Role
  /** For the audit log; says nothing about the session's secret. */
  readonly name: string
}

export interface Access {
  /** Undefined: nobody who is known. */
  personOf(cookie: string | undefined): Person | undefined
  /** Exchanges a one-time token for a session's cookie; undefined when it is wrong, used, or asked too often. */
  signIn(token: string): string | undefined
}

const COOKIE = 'linchpin'
const TRIES_MAX = 10
const TRIES_WINDOW_MS = 60_000
const SESSION_MS = 12 * 60 * 60 * 1000

/** On the loopback interface, whoever can reach the server may do everything: they could run the commands as well. */
export const everyone: Access = {
  personOf: () => ({ role: 'approver', name: 'local' }),
  signIn: () => undefined,
}

/**
 * One-time links for each role, and sessions in memory. Wrong tokens are counted over all callers: nobody can try many,
 * from however many addresses.
 */
export function createAccess(now: () => number): { access: Access; tokens: ReadonlyMap<Role, string> } {
  const tokens = new Map(ROLES.map((role) => [role, randomBytes(24).toString('base64url')] as const))
  const unused = new Map([...tokens].map(([role, token]) => [role, digest(token)]))
  const sessions = new Map<string, { person: Person; endsAt: number }>()
  let failures: number[] = []

  function signIn(token: string): string | undefined {
    failures = failures.filter((at) => at > now() - TRIES_WINDOW_MS)
    if (failures.length >= TRIES_MAX) return undefined
    const given = digest(token)
    const role = [...unused].find(([, expected]) => timingSafeEqual(given, expected))?.[0]
    if (role === undefined) {
      failures.push(now())
      return undefined
    }
    unused.delete(role)
    const session = randomBytes(24).toString('base64url')
    const name = `${role} ${digest(session).toString('hex').slice(0, 6)}`
    sessions.set(digest(session).toString('hex'), { person: { role, name }, endsAt: now() + SESSION_MS })
    return `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_MS / 1000}`
  }

  function personOf(cookie: string | undefined): Person | undefined {
    const session = /(?:^|;\s*)linchpin=([\w-]+)/.exec(cookie ?? '')?.[1]
    const found = session === undefined ? undefined : sessions.get(digest(session).toString('hex'))
    return found && found.endsAt > now() ? found.person : undefined
  }
  return { access: { personOf, signIn }, tokens }
}

export function mayDo(person: Person, needed: Role): boolean {
  return ROLES.indexOf(person.role) >= ROLES.indexOf(needed)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
