import type { Member } from './leader-router.ts'

/** Where the database is: one server, or several of which one leads. */
export type DatabaseAddress =
  | { readonly kind: 'single'; readonly url: string }
  | {
      readonly kind: 'cluster'
      readonly members: readonly Member[]
      readonly user: string
      readonly password: string
      readonly database: string
    }

const CLUSTER = /^postgres(?:ql)?:\/\/([^:@/]+):([^@/]*)@([^/?]+)\/([^?]+)\?leader=([^&]+)$/

/**
 * Reads `postgres://user@host/db`, or `postgres://user:password@host:port,host:port/db?leader=host:port,host:port`, where
 * `leader` names for each server where its keeper (Patroni) is asked whether it leads. Undefined when it is neither.
 */
export function readDatabaseUrl(url: string): DatabaseAddress | undefined {
  const [, user = '', password = '', hosts = '', database = '', leaders] = CLUSTER.exec(url) ?? []
  if (leaders === undefined) return isSingle(url) ? { kind: 'single', url } : undefined
  const servers = hosts.split(',').map(readAddress)
  const keepers = leaders.split(',').map(readAddress)
  const members = servers.flatMap((server, i) => {
    const keeper = keepers[i]
    return server && keeper ? [{ ...server, keeper: `http://${keeper.host}:${keeper.port}` }] : []
  })
  if (members.length !== servers.length || members.length !== keepers.length) return undefined
  return { kind: 'cluster', members, user: decodeURIComponent(user), password: decodeURIComponent(password), database }
}

function isSingle(url: string): boolean {
  return URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)
}

function readAddress(text: string): { host: string; port: number } | undefined {
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? []
  return host === undefined ? undefined : { host, port: Number(port) }
}
