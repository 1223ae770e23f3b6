import { addDependency, type FoundComponent, markTelemetry } from '../found-platform.ts'
import { type FoundKind, kindOfImage, kindOfPort } from '../image-kind.ts'
import { noteOutsideHosts } from '../outside-hosts.ts'
import { isSentinel, majorityOf } from '../replicated-data.ts'
import { roleOf } from '../role.ts'
import type { Stores } from './environment.ts'
import { findHostsOutside, findNamedServices, findStartUpServices } from './find-targets.ts'
import type { WorkloadGroup } from './group-workloads.ts'
import { createHostResolver, type HostResolver } from './host-resolver.ts'
import type { Manifest } from './manifest.ts'
import type { OperatedCluster } from './operators.ts'
import type { KubernetesService } from './service.ts'
import { imagesOf, isJob, portsOf } from './workload.ts'
import { readFacts } from './workload-facts.ts'

export interface FoundParts {
  readonly groups: readonly WorkloadGroup[]
  readonly services: readonly KubernetesService[]
  readonly clusters: readonly OperatedCluster[]
  readonly stores: Stores
  readonly budgets: readonly Manifest[]
}

export interface FoundPlatform {
  readonly components: readonly FoundComponent[]
  /** All Services, those that operators make included. */
  readonly services: readonly KubernetesService[]
  /** The components that a Service leads to. */
  readonly idsOf: ReadonlyMap<KubernetesService, readonly string[]>
  readonly notes: readonly string[]
}

/** Components of workloads, of operated clusters and of what lies outside, with who names whom. */
export function buildComponents(parts: FoundParts): FoundPlatform {
  const made = parts.clusters.map(makeServices)
  const services = [...parts.services, ...made.flat()]
  const components = [
    ...parts.groups.map((group) => buildComponent(group, parts.budgets)),
    ...parts.clusters.flatMap(buildCluster),
    ...parts.services
      .filter((service) => !aliasOf(service, services))
      .flatMap((service) => buildExternal(service, parts)),
  ]
  const idsOf = new Map(
    services.map((service) => [service, idsBehind(aliasOf(service, services) ?? service, parts, made)]),
  )
  const resolve = createHostResolver(services)
  connect({ components, idsOf, resolve, parts })
  const telemetry = markTelemetry(components)
  const kept = components.filter(({ role }) => role !== 'load')
  const outside = parts.groups.flatMap(({ id, workloads }) =>
    workloads.flatMap((workload) => findHostsOutside({ workload, caller: id }, parts.stores, resolve)),
  )
  const notes = [
    ...noteStartUp(parts, resolve, idsOf),
    ...noteLoad(components),
    ...telemetry.notes,
    ...noteOutsideHosts(outside),
  ]
  return { components: kept, services, idsOf, notes }
}

function buildComponent({ id, workloads }: WorkloadGroup, budgets: readonly Manifest[]): FoundComponent {
  const images = workloads.flatMap(imagesOf)
  return {
    id,
    kind: kindOf(id, workloads),
    role: roleOf(id, images[0]),
    where: workloads[0]?.where,
    facts: readFacts({ id, namespace: '', workloads, services: [] }, budgets),
    dependencies: new Map(),
  }
}

function kindOf(id: string, workloads: WorkloadGroup['workloads']): FoundKind {
  if (workloads.every(isJob)) return 'job'
  if (isSentinel(id)) return 'service'
  const byImage = workloads.flatMap(imagesOf).map(kindOfImage)[0]
  const byPort = workloads
    .flatMap(portsOf)
    .map(kindOfPort)
    .find((kind) => kind !== undefined)
  return byImage ?? kindOfImage(id) ?? byPort ?? 'service'
}

function buildCluster({ manifest, kind, facts, quorum }: OperatedCluster): FoundComponent[] {
  const cluster: FoundComponent = {
    id: manifest.name,
    kind,
    role: 'plain',
    where: manifest.where,
    facts,
    dependencies: new Map(),
  }
  if (!quorum) return [cluster]
  const members = { ...majorityOf(quorum.instances) }
  return [cluster, { ...cluster, id: quorum.id, kind: 'service', facts: members, dependencies: new Map() }]
}

/** What the cluster only has a name for: an ExternalName, or a Service without selector. */
function buildExternal(service: KubernetesService, parts: FoundParts): FoundComponent[] {
  if (Object.keys(service.selector).length > 0) return []
  const notes =
    service.externalName === undefined
      ? 'A Service without selector: what it leads to is not in these files.'
      : `Outside the cluster: ${service.externalName}.`
  return [
    {
      id: externalId(service, parts),
      kind: 'external',
      role: roleOf(service.name, undefined),
      where: service.where,
      facts: { notes },
      dependencies: new Map(),
    },
  ]
}

/** The Service of the cluster that an ExternalName is only another name for. */
function aliasOf(service: KubernetesService, services: readonly KubernetesService[]): KubernetesService | undefined {
  if (service.externalName === undefined || !service.externalName.includes('.svc')) return undefined
  const found = createHostResolver(services)(service.externalName, service.namespace)
  return found === service || found?.externalName !== undefined ? undefined : found
}

function externalId({ name, namespace }: KubernetesService, { groups, clusters, services }: FoundParts): string {
  const isTaken =
    groups.some(({ id }) => id === name) ||
    clusters.some(({ manifest }) => manifest.name === name) ||
    services.some((other) => other.name === name && other.namespace !== namespace)
  return isTaken ? `${name}.${namespace}` : name
}

function makeServices({ manifest, serviceNames }: OperatedCluster): KubernetesService[] {
  const { namespace, where } = manifest
  return serviceNames.map((name) => ({
    name,
    namespace,
    where,
    type: 'ClusterIP',
    selector: {},
    isHeadless: false,
    externalName: undefined,
    workloads: [],
  }))
}

function idsBehind(service: KubernetesService, parts: FoundParts, made: readonly KubernetesService[][]): string[] {
  const cluster = parts.clusters.find((_, index) => made[index]?.includes(service))
  if (cluster) return [cluster.manifest.name]
  if (Object.keys(service.selector).length === 0) return [externalId(service, parts)]
  return parts.groups
    .filter(({ workloads }) => workloads.some((item) => service.workloads.includes(item)))
    .map(({ id }) => id)
}

interface Connection {
  readonly components: readonly FoundComponent[]
  readonly idsOf: FoundPlatform['idsOf']
  readonly resolve: HostResolver
  readonly parts: FoundParts
}

/** Draws the dependencies; a Service over several components is served by any of them. */
function connect({ components, idsOf, resolve, parts }: Connection): void {
  const byId = new Map(components.map((component) => [component.id, component]))
  for (const { id, workloads } of parts.groups) {
    const caller = byId.get(id)
    if (!caller) continue
    for (const workload of workloads)
      for (const { service, evidence, where } of findNamedServices(workload, parts.stores, resolve)) {
        const ids = idsOf.get(service) ?? []
        const found = { strength: 'unknown' as const, evidence: [evidence], where }
        if (ids.includes(id)) continue
        if (ids.length > 1) addDependency(caller, service.name, { ...found, anyOf: ids })
        else if (ids[0] !== undefined) addDependency(caller, ids[0], found)
      }
  }
}

function noteStartUp({ groups, stores }: FoundParts, resolve: HostResolver, idsOf: FoundPlatform['idsOf']): string[] {
  const waits = groups.flatMap(({ id, workloads }) =>
    workloads.flatMap((workload) =>
      findStartUpServices(workload, stores, resolve)
        .flatMap((service) => idsOf.get(service) ?? [])
        .filter((target) => target !== id)
        .map((target) => `${id} for ${target}`),
    ),
  )
  return waits.length === 0
    ? []
    : [`Init containers wait at start-up only, which is no run-time dependency: ${[...new Set(waits)].join(', ')}.`]
}

function noteLoad(components: readonly FoundComponent[]): string[] {
  const load = components.filter(({ role }) => role === 'load')
  return load.length === 0
    ? []
    : [`Load generators were left out, since no user needs them: ${load.map(({ id }) => id).join(', ')}.`]
}
