import type { Position, Problem } from '../../../source/index.ts'
import { suggestion } from '../../../source/index.ts'
import { findHostNamesInCommand } from '../command-hosts.ts'
import { findHostNames } from '../host-names.ts'
import { findOutsideHosts, type OutsideHost } from '../outside-hosts.ts'
import type { ComposeService } from './compose-service.ts'

/** A sign that one service needs another. */
interface FoundTarget {
  readonly target: string
  readonly evidence: string
  readonly where: Position | undefined
  /** It may be absent: `required: false`. */
  readonly isOptional: boolean
}

export interface FoundTargets {
  readonly targets: readonly FoundTarget[]
  readonly problems: readonly Problem[]
  /** Services that it only waits for at start-up until they have done their work. */
  readonly startUpOnly: readonly string[]
  /** Services it names but shares no network with. */
  readonly unreachable: readonly string[]
  /** Hosts it has an address of that are no service. */
  readonly outside: readonly OutsideHost[]
}

/** Everything in one service that names another service of the project. */
export function findTargets(service: ComposeService, services: ReadonlyMap<string, ComposeService>): FoundTargets {
  const stated = findStated(service, services)
  const named = [
    ...service.environment.flatMap(({ name, value, evidence, where }) =>
      findHostNames(name, value).map((host) => ({ host, evidence, where })),
    ),
    ...findHostNamesInCommand(service.command).map((host) => ({
      host,
      evidence: 'command',
      where: service.commandWhere,
    })),
  ]
  const unreachable: string[] = [...stated.apart]
  const targets = named.flatMap(({ host, evidence, where }): FoundTarget[] => {
    const found = resolveHost(host, service, services)
    if (found?.isReachable === false) unreachable.push(found.target)
    return found?.isReachable ? [{ target: found.target, evidence, where, isOptional: false }] : []
  })
  const outside = service.environment
    .flatMap(({ name, value, evidence }) => findOutsideHosts(service.name, name, value, evidence))
    .filter(({ host }) => !isKnownHost(host, services))
  const { problems, startUpOnly } = stated
  return { targets: [...stated.targets, ...targets], problems, startUpOnly, unreachable, outside }
}

function isKnownHost(host: string, services: ReadonlyMap<string, ComposeService>): boolean {
  return [...services.values()].some(
    ({ name, names, networks, links }) =>
      name === host ||
      names.includes(host) ||
      links.some(({ alias }) => alias === host) ||
      [...networks.values()].some((aliases) => aliases.includes(host)),
  )
}

/** What the file says in so many words: `depends_on`, `links`, `network_mode: service:…`. */
function findStated(service: ComposeService, services: ReadonlyMap<string, ComposeService>) {
  const problems: Problem[] = []
  const startUpOnly: string[] = []
  const apart: string[] = []
  const targets: FoundTarget[] = []
  const names = [...services.keys()]
  const add = (target: string, evidence: string, where: Position | undefined, isOptional: boolean) => {
    if (services.has(target)) targets.push({ target, evidence, where, isOptional })
    else if (!isOptional && where) {
      const message = `${evidence} names "${target}", which is not a service that starts.${suggestion(target, names)} Fix the name or declare it.`
      problems.push({ where, message })
    }
  }
  for (const { target, condition, isRequired, where } of service.dependsOn)
    if (condition === 'service_completed_successfully' && services.has(target)) startUpOnly.push(target)
    else if (areApart(service, services.get(target), services)) apart.push(target)
    else add(target, 'depends_on', where, !isRequired)
  for (const { target, where } of service.links) add(target, 'links', where, false)
  const shared = /^service:(.+)$/.exec(service.networkMode ?? '')?.[1]
  if (shared !== undefined) add(shared, 'network_mode', service.where, false)
  return { targets, problems, startUpOnly, apart }
}

/** The service that a host name means to another service: by link, then by any name it has on a network they share. */
function resolveHost(host: string, caller: ComposeService, services: ReadonlyMap<string, ComposeService>) {
  const link = caller.links.find(({ alias }) => alias === host)
  if (link && services.has(link.target)) return { target: link.target, isReachable: true }
  const networks = networksOf(caller, services)
  let unreachable: string | undefined
  for (const target of services.values()) {
    const theirs = networksOf(target, services)
    const common = [...theirs.keys()].filter((network) => networks.has(network))
    const isNamed = target.name === host || target.names.includes(host)
    if (common.length > 0 && (isNamed || common.some((network) => theirs.get(network)?.includes(host))))
      return { target: target.name, isReachable: true }
    if (isNamed) unreachable = target.name
  }
  return unreachable === undefined || unreachable === caller.name
    ? undefined
    : { target: unreachable, isReachable: false }
}

/** Each is on networks, and none is common: whatever the order in which they start, they cannot talk. */
function areApart(
  caller: ComposeService,
  target: ComposeService | undefined,
  services: ReadonlyMap<string, ComposeService>,
): boolean {
  if (!target) return false
  const [ours, theirs] = [networksOf(caller, services), networksOf(target, services)]
  return ours.size > 0 && theirs.size > 0 && ![...theirs.keys()].some((network) => ours.has(network))
}

/** A service in another's network has that one's; on the host's own network, names of containers mean nothing. */
function networksOf(
  service: ComposeService,
  services: ReadonlyMap<string, ComposeService>,
): ReadonlyMap<string, readonly string[]> {
  const mode = service.networkMode
  if (mode === undefined) return service.networks
  const shared = services.get(/^service:(.+)$/.exec(mode)?.[1] ?? '')
  if (shared && shared.networkMode === undefined) return shared.networks
  return mode === 'bridge' ? new Map([['bridge', []]]) : new Map()
}
