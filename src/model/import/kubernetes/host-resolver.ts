import type { KubernetesService } from './service.ts'

/** Finds the Service that a host name means to a pod of a namespace; undefined for any other host. */
export type HostResolver = (host: string, namespace: string) => KubernetesService | undefined

const CLUSTER_DOMAIN = /\.cluster\.local$/

/**
 * Names as the cluster's DNS resolves them: `svc`, `svc.ns`, `svc.ns.svc`, `svc.ns.svc.cluster.local`, and pods of a
 * headless Service by `pod.` before any of these.
 * Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/.
 */
export function createHostResolver(services: readonly KubernetesService[]): HostResolver {
  const byKey = new Map(services.map((service) => [`${service.namespace}/${service.name}`, service]))
  return (host, namespace) => {
    const parts = host.toLowerCase().replace(/\.$/, '').replace(CLUSTER_DOMAIN, '').split('.')
    if (parts.length > 2 && parts.at(-1) === 'svc') parts.pop()
    const [first = '', second, third, ...rest] = parts
    if (rest.length > 0) return undefined
    if (third !== undefined) return podOf(byKey.get(`${third}/${second}`), first)
    if (second === undefined) return byKey.get(`${namespace}/${first}`)
    return byKey.get(`${second}/${first}`) ?? podOf(byKey.get(`${namespace}/${second}`), first)
  }
}

/** The Service when the pod's name is one of a StatefulSet behind it: `name-0`, `name-1`, … */
function podOf(service: KubernetesService | undefined, pod: string): KubernetesService | undefined {
  const [, owner] = /^(.+)-\d+$/.exec(pod) ?? []
  return service?.workloads.some(({ name }) => name === owner) ? service : undefined
}
