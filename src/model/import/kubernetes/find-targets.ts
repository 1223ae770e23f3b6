import type { Position } from '../../../source/index.ts'
import { findHostNamesInCommand } from '../command-hosts.ts'
import { findHostNames } from '../host-names.ts'
import { findOutsideHosts, type OutsideHost } from '../outside-hosts.ts'
import { textAt, textsAt } from '../untyped.ts'
import { readEnvironment, readVariables, type Stores } from './environment.ts'
import type { HostResolver } from './host-resolver.ts'
import type { KubernetesService } from './service.ts'
import { positionInManifest, type Workload } from './workload.ts'

/** A Service that a workload names. */
export interface NamedService {
  readonly service: KubernetesService
  readonly evidence: string
  readonly where: Position
}

/** Every Service that the running containers name: in variables, config maps, secrets, mounted files and commands. */
export function findNamedServices(workload: Workload, stores: Stores, resolve: HostResolver): NamedService[] {
  const values = readEnvironment(workload, stores).flatMap(({ name, value, evidence, where }) =>
    findHostNames(name, value).map((host) => ({ host, evidence, where })),
  )
  const commands = workload.containers.flatMap((container) => {
    const hosts = findHostNamesInCommand([...textsAt(container, 'command'), ...textsAt(container, 'args')])
    const where = positionInManifest(workload, [])
    return hosts.map((host) => ({ host, evidence: `command of ${textAt(container, 'name') ?? workload.name}`, where }))
  })
  return [...values, ...commands].flatMap(({ host, evidence, where }) => {
    const service = resolve(host, workload.namespace)
    return service ? [{ service, evidence, where }] : []
  })
}

/** The hosts that the variables of a workload have an address of, and that are no Service of the files. */
export function findHostsOutside(
  { workload, caller }: { readonly workload: Workload; readonly caller: string },
  stores: Stores,
  resolve: HostResolver,
): OutsideHost[] {
  return readVariables(workload, stores)
    .flatMap(({ name, value, evidence }) => findOutsideHosts(caller, name, value, evidence))
    .filter(({ host }) => resolve(host, workload.namespace) === undefined)
}

/** The Services that init containers name: they are needed at start-up only. */
export function findStartUpServices(workload: Workload, stores: Stores, resolve: HostResolver): KubernetesService[] {
  const atStart: Workload = { ...workload, containers: workload.initContainers, podSpec: {} }
  const waits = workload.initContainers.flatMap((container) =>
    [...textsAt(container, 'command'), ...textsAt(container, 'args')]
      .flatMap((text) => text.split(/[\s;|&"']+/))
      .flatMap((word) => resolve(word.replace(/:\d+$/, ''), workload.namespace) ?? []),
  )
  return [...new Set([...findNamedServices(atStart, stores, resolve).map(({ service }) => service), ...waits])]
}
