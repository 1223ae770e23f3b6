import type { KubernetesService } from './service.ts'
import { isJob, type Workload } from './workload.ts'

/** Workloads that are one component, because callers reach them by one name. */
export interface WorkloadGroup {
  readonly id: string
  readonly namespace: string
  readonly workloads: readonly Workload[]
  readonly services: readonly KubernetesService[]
}

/** Labels in which the versions of one thing differ. */
const VERSION_LABEL =
  /(^|[./-])(version|release|revision|track|color|colour|canary|deployment|stage|slot|pod-template-hash|chart)$/i

/**
 * Several workloads behind one Service are one component: callers cannot tell them apart. Not so where the workloads
 * have Services of their own and differ in more than a version, as a primary and its replicas do.
 */
export function groupWorkloads(
  workloads: readonly Workload[],
  services: readonly KubernetesService[],
): WorkloadGroup[] {
  const leader = new Map(workloads.map((workload) => [workload, workload]))
  const find = (workload: Workload): Workload => {
    const next = leader.get(workload) ?? workload
    return next === workload ? workload : find(next)
  }
  for (const service of services) {
    const [first, ...rest] = service.workloads
    if (!first || !isOneThing(service, services)) continue
    for (const other of rest) leader.set(find(other), find(first))
  }
  const members = new Map<Workload, Workload[]>()
  for (const workload of workloads) members.set(find(workload), [...(members.get(find(workload)) ?? []), workload])
  return nameGroups([...members.values()], services)
}

function isOneThing(service: KubernetesService, services: readonly KubernetesService[]): boolean {
  const hasOwnService = (workload: Workload) =>
    services.some((other) => other.workloads.length < service.workloads.length && other.workloads.includes(workload))
  if (!service.workloads.every(hasOwnService)) return true
  const [first] = service.workloads
  const kind = first ? plainLabels(first) : ''
  return service.workloads.every((workload) => plainLabels(workload) === kind)
}

function plainLabels({ labels }: Workload): string {
  const plain = Object.entries(labels).filter(([key]) => !VERSION_LABEL.test(key))
  return JSON.stringify(plain.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The shortest name a reader knows it by; with its namespace where two namespaces use the same. */
function nameGroups(members: readonly Workload[][], services: readonly KubernetesService[]): WorkloadGroup[] {
  const groups = members.map((workloads) => {
    const own = services.filter((service) => service.workloads.some((workload) => workloads.includes(workload)))
    const all = own.filter((service) => service.workloads.length === workloads.length)
    const names = [
      ...all.map(({ name }) => name),
      ...(workloads.length === 1 || all.length === 0 ? workloads.map(({ name }) => name) : []),
    ]
    const name = names.reduce((best, candidate) => (candidate.length < best.length ? candidate : best))
    return { name, namespace: workloads[0]?.namespace ?? '', workloads, services: own }
  })
  return groups.map((group) => ({ ...group, id: uniqueName(group, groups) }))
}

interface Named {
  readonly name: string
  readonly namespace: string
  readonly workloads: readonly Workload[]
}

function uniqueName(group: Named, groups: readonly Named[]): string {
  const same = groups.filter(({ name }) => name === group.name)
  if (same.length === 1) return group.name
  const isAlone = same.filter(({ namespace }) => namespace === group.namespace).length === 1
  if (isAlone) return `${group.name}.${group.namespace}`
  const [first] = group.workloads
  const kind = first && isJob(first) ? 'job' : (first?.kind ?? '').toLowerCase()
  const ordinal = same.filter(({ namespace }) => namespace === group.namespace).indexOf(group)
  return `${group.name}.${group.namespace}.${kind}${ordinal > 0 ? `-${ordinal + 1}` : ''}`
}
