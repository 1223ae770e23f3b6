import { findAddresses } from './host-names.ts'

/** A value that names a host which none of the files declares. */
export interface OutsideHost {
  readonly host: string
  readonly caller: string
  readonly evidence: string
}

/** Names that mean the machine itself, the cluster itself, or nobody. */
const NOBODY =
  /^(localhost|host\.docker\.internal|gateway\.docker\.internal|kubernetes(\.default.*)?|metadata\.google\.internal|broadcasthost|.*\.localhost|(.*\.)?example\.(com|org|net)|[\d.]+|[\da-f]*:[\da-f:]+)$/i

/** The hosts that a value gives an address of; bare words are left out, since they may be anything. */
export function findOutsideHosts(caller: string, variable: string, value: string, evidence: string): OutsideHost[] {
  return findAddresses(variable, value)
    .filter((host) => !NOBODY.test(host) && /[a-z]/i.test(host))
    .map((host) => ({ host, caller, evidence }))
}

const HOSTS_MAX = 5

/**
 * One sentence. A value that looks like an address may be a mistake, a provider, or never used: only its reader knows,
 * so it is neither a component nor a problem.
 */
export function noteOutsideHosts(found: readonly OutsideHost[]): string[] {
  const byHost = new Map<string, OutsideHost[]>()
  for (const item of found) byHost.set(item.host, [...(byHost.get(item.host) ?? []), item])
  const hosts = [...byHost].map(([host, [first, ...others]]) => {
    const more = new Set(others.map(({ caller }) => caller).filter((caller) => caller !== first?.caller)).size
    return `${host} (${first?.evidence} of ${first?.caller}${more > 0 ? ` and ${more} more` : ''})`
  })
  if (hosts.length === 0) return []
  const shown = hosts.slice(0, HOSTS_MAX).join(', ')
  const rest = hosts.length > HOSTS_MAX ? `, and ${hosts.length - HOSTS_MAX} more` : ''
  return [
    `Named but not in these files, so not in the model: ${shown}${rest}. Declare in a system file what a flow needs.`,
  ]
}
