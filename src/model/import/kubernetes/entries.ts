import { isPlainObject, type Position, type Problem, positionOf, suggestion } from '../../../source/index.ts'
import { listAt, mapAt, textAt, textsAt } from '../untyped.ts'
import type { HostResolver } from './host-resolver.ts'
import type { Manifest } from './manifest.ts'
import type { KubernetesService } from './service.ts'

/** A Service that users reach from outside. */
export interface KubernetesEntry {
  readonly service: KubernetesService
  readonly where: Position
  readonly isDeliberate: boolean
}

/** Ingress, gateway routes, load balancers and node ports; a route to a Service that does not exist is a problem. */
export function findEntries(
  manifests: readonly Manifest[],
  services: readonly KubernetesService[],
  resolve: HostResolver,
): { entries: KubernetesEntry[]; problems: Problem[] } {
  const problems: Problem[] = []
  const routed = manifests.flatMap((manifest) =>
    onePerHost(backendsOf(manifest)).flatMap(({ host, where }): KubernetesEntry[] => {
      const service = resolve(host, manifest.namespace)
      if (service) return [{ service, where, isDeliberate: true }]
      const known = services.map(({ name }) => name)
      const message = `${manifest.kind} "${manifest.name}" leads to the Service "${host}", which is not in these files.${suggestion(host, known)} Fix the name or add its file.`
      problems.push({ where, message })
      return []
    }),
  )
  const open = services
    .filter(({ type }) => type === 'LoadBalancer' || type === 'NodePort')
    .map((service) => ({ service, where: service.where, isDeliberate: service.type === 'LoadBalancer' }))
  return { entries: [...routed, ...open], problems }
}

/** A route may lead to one Service by many paths: that is one way in, and at most one mistake. */
function onePerHost(backends: readonly Backend[]): Backend[] {
  return [...new Map([...backends].reverse().map((item) => [item.host, item])).values()].reverse()
}

interface Backend {
  readonly host: string
  readonly where: Position
}

function backendsOf(manifest: Manifest): Backend[] {
  switch (manifest.kind) {
    case 'Ingress':
      return ingressBackends(manifest)
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
      return rulesOf(manifest).flatMap((rule) =>
        listAt(rule, 'backendRefs')
          .filter((item) => (textAt(item, 'kind') ?? 'Service') === 'Service')
          .flatMap((item) => backend(manifest, item, qualified(item, 'name'))),
      )
    case 'VirtualService':
      return virtualServiceBackends(manifest)
    case 'Route':
      return backend(manifest, mapAt(manifest.value, 'spec', 'to'), textAt(manifest.value, 'spec', 'to', 'name'))
    case 'IngressRoute':
    case 'HTTPProxy':
      return listAt(manifest.value, 'spec', 'routes').flatMap((route) =>
        listAt(route, 'services')
          .filter((item) => (textAt(item, 'kind') ?? 'Service') === 'Service')
          .flatMap((item) => backend(manifest, item, qualified(item, 'name'))),
      )
    default:
      return []
  }
}

/** All API versions: `service.name` since networking.k8s.io/v1, `serviceName` before. */
function ingressBackends(manifest: Manifest): Backend[] {
  const spec = mapAt(manifest.value, 'spec')
  const paths = rulesOf(manifest).flatMap((rule) => listAt(rule, 'http', 'paths').map((path) => mapAt(path, 'backend')))
  return [mapAt(spec, 'defaultBackend'), mapAt(spec, 'backend'), ...paths].flatMap((item) =>
    backend(manifest, item, textAt(item, 'service', 'name') ?? textAt(item, 'serviceName')),
  )
}

/** Only where it is bound to a gateway: without one, a VirtualService steers traffic inside the mesh. */
function virtualServiceBackends(manifest: Manifest): Backend[] {
  const spec = mapAt(manifest.value, 'spec')
  if (textsAt(spec, 'gateways').every((gateway) => gateway === 'mesh')) return []
  return ['http', 'tcp', 'tls'].flatMap((protocol) =>
    listAt(spec, protocol).flatMap((rule) =>
      listAt(rule, 'route').flatMap((route) =>
        backend(manifest, mapAt(route, 'destination'), textAt(route, 'destination', 'host')),
      ),
    ),
  )
}

function rulesOf(manifest: Manifest): readonly unknown[] {
  return listAt(manifest.value, 'spec', 'rules')
}

function qualified(item: unknown, key: string): string | undefined {
  const name = textAt(item, key)
  const namespace = textAt(item, 'namespace')
  return name === undefined || namespace === undefined ? name : `${name}.${namespace}`
}

function backend(manifest: Manifest, item: unknown, host: string | undefined): Backend[] {
  const where = (isPlainObject(item) ? positionOf(item, []) : undefined) ?? manifest.where
  return host === undefined ? [] : [{ host, where }]
}
