import { type Problem, positionOf, sortProblems, suggestion } from '../../source/index.ts'
import { findFlows } from './entry-flows.ts'
import { systemName } from './file-paths.ts'
import { writeDocument } from './found-platform.ts'
import type { Imported, Importer, ImportFile, ImportOptions } from './importer.ts'
import { buildComponents } from './kubernetes/components.ts'
import { findEntries } from './kubernetes/entries.ts'
import { findMissingStores, readStores } from './kubernetes/environment.ts'
import { groupWorkloads } from './kubernetes/group-workloads.ts'
import { createHostResolver } from './kubernetes/host-resolver.ts'
import { DEFAULT_NAMESPACE, type Manifest, readManifests } from './kubernetes/manifest.ts'
import { readOperatedCluster } from './kubernetes/operators.ts'
import { type KubernetesService, readService } from './kubernetes/service.ts'
import { readWorkload, WORKLOAD_KINDS, type Workload } from './kubernetes/workload.ts'
import { countAt, mapAt, textAt } from './untyped.ts'

/** Kubernetes manifests. */
export const kubernetes: Importer = {
  name: 'kubernetes',
  recognises: (value) => typeof value.apiVersion === 'string' && typeof value.kind === 'string',
  read: readKubernetes,
}

function readKubernetes(files: readonly ImportFile[], options: ImportOptions): Imported {
  const { manifests, problems } = readManifests(files)
  const scaling = readScaling(manifests)
  const all = manifests.flatMap(
    (manifest) => readWorkload(manifest, scaling.minimums.get(keyOf(manifest.kind, manifest))) ?? [],
  )
  const workloads = all.filter(({ replicas }) => replicas > 0)
  const services = manifests.filter(isService).map((manifest) => readService(manifest, workloads))
  const clusters = manifests.flatMap((manifest) => readOperatedCluster(manifest) ?? [])
  const stores = readStores(manifests)
  const platform = buildComponents({
    groups: groupWorkloads(workloads, services),
    services,
    clusters,
    stores,
    budgets: manifests.filter(({ kind }) => kind === 'PodDisruptionBudget'),
  })
  const { entries, problems: routes } = findEntries(manifests, platform.services, createHostResolver(platform.services))
  const flows = findFlows(platform.components, {
    named: options.entries,
    published: entries.flatMap(({ service, where, isDeliberate }) =>
      (platform.idsOf.get(service) ?? []).map((id) => ({ id, where, isDeliberate })),
    ),
    where: { file: files[0]?.file ?? '', line: 1, column: 1 },
  })
  return {
    document: writeDocument(nameOf(manifests, files), platform.components, flows.flows),
    problems: sortProblems([
      ...problems,
      ...scaling.problems,
      ...findIdleServices(services, all),
      ...routes,
      ...flows.problems,
    ]),
    notes: [...noteManifests(manifests, all), ...noteStores(workloads, stores), ...platform.notes, ...flows.notes],
  }
}

function isService({ kind, group }: Manifest): boolean {
  return kind === 'Service' && group === ''
}

function keyOf(kind: string, { namespace, name }: Manifest): string {
  return `${kind} ${namespace} ${name}`
}

/** How few replicas autoscaling may leave: that is what can be counted on. */
function readScaling(manifests: readonly Manifest[]): { minimums: Map<string, number>; problems: Problem[] } {
  const minimums = new Map<string, number>()
  const problems: Problem[] = []
  const known = new Set(manifests.map((manifest) => keyOf(manifest.kind, manifest)))
  for (const manifest of manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')) {
    const target = mapAt(manifest.value, 'spec', 'scaleTargetRef')
    const kind = textAt(target, 'kind') ?? ''
    const name = textAt(target, 'name') ?? ''
    const key = keyOf(kind, { ...manifest, name })
    minimums.set(key, countAt(manifest.value, 'spec', 'minReplicas') ?? 1)
    if (known.has(key) || !WORKLOAD_KINDS.has(kind)) continue
    const names = manifests.filter((item) => item.kind === kind).map((item) => item.name)
    const where = positionOf(manifest.value, ['spec', 'scaleTargetRef', 'name']) ?? manifest.where
    const message = `HorizontalPodAutoscaler "${manifest.name}" scales the ${kind} "${name}", which is not in these files.${suggestion(name, names)} Fix the name or add its file.`
    problems.push({ where, message })
  }
  return { minimums, problems }
}

/** A Service whose selector finds no pods leads nowhere. */
function findIdleServices(services: readonly KubernetesService[], workloads: readonly Workload[]): Problem[] {
  return services.flatMap(({ name, where, selector, workloads: own, namespace }) => {
    const labels = Object.entries(selector).map(([key, value]) => `${key}=${textAt(value) ?? '?'}`)
    if (labels.length === 0 || own.length > 0 || isScaledToNone(selector, namespace, workloads)) return []
    const message = `The Service "${name}" selects ${labels.join(', ')}, which no workload of these files has. Fix the selector or add the file of its workload.`
    return [{ where, message }]
  })
}

function isScaledToNone(
  selector: KubernetesService['selector'],
  namespace: string,
  workloads: readonly Workload[],
): boolean {
  return workloads.some(
    (workload) =>
      workload.namespace === namespace &&
      Object.entries(selector).every(([key, value]) => workload.labels[key] === value),
  )
}

/** By the namespace that all of it is in, else by the folder. */
function nameOf(manifests: readonly Manifest[], files: readonly ImportFile[]): string {
  const namespaces = new Set(manifests.filter(({ kind }) => WORKLOAD_KINDS.has(kind)).map(({ namespace }) => namespace))
  const [only] = namespaces
  return systemName(namespaces.size === 1 && only !== DEFAULT_NAMESPACE ? only : undefined, files[0]?.file ?? '')
}

/** Kinds that say nothing about what depends on what. */
const SILENT = new Set(
  'ServiceAccount Role RoleBinding ClusterRole ClusterRoleBinding Namespace NetworkPolicy PersistentVolume PersistentVolumeClaim StorageClass ConfigMap Secret Service Endpoints EndpointSlice PodDisruptionBudget HorizontalPodAutoscaler Ingress IngressClass Gateway GatewayClass VirtualService DestinationRule HTTPRoute GRPCRoute TCPRoute TLSRoute Route IngressRoute HTTPProxy LimitRange ResourceQuota PriorityClass CustomResourceDefinition Certificate Issuer ClusterIssuer ServiceMonitor PodMonitor PrometheusRule Kustomization'.split(
    ' ',
  ),
)

function noteManifests(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  const counts = new Map<string, number>()
  for (const manifest of manifests)
    if (!SILENT.has(manifest.kind) && !WORKLOAD_KINDS.has(manifest.kind) && !readOperatedCluster(manifest))
      counts.set(manifest.kind, (counts.get(manifest.kind) ?? 0) + 1)
  const notes = []
  if (counts.size > 0)
    notes.push(`Kinds that are not read: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}.`)
  const idle = workloads.filter(({ replicas }) => replicas === 0)
  if (idle.length > 0)
    notes.push(`Workloads with 0 replicas were left out: ${idle.map(({ name }) => name).join(', ')}.`)
  return notes
}

function noteStores(workloads: readonly Workload[], stores: ReturnType<typeof readStores>): string[] {
  const missing = [...new Set(workloads.flatMap((workload) => findMissingStores(workload, stores)))]
  return missing.length === 0
    ? []
    : [`Config maps were not given, so what they name is unknown: ${missing.join(', ')}.`]
}
