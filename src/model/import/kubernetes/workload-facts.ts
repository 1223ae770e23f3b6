import type { PlainObject } from '../../../source/index.ts'
import { judgeReplication } from '../replicated-data.ts'
import { at, listAt, mapAt, textAt, textsAt } from '../untyped.ts'
import type { WorkloadGroup } from './group-workloads.ts'
import type { Manifest } from './manifest.ts'
import { imagesOf, isJob, isSelected, probeOf, type Workload } from './workload.ts'

/** What the manifests state of a component: instances, needs, rollout, health, failover, and what else a reader should know. */
export function readFacts(group: WorkloadGroup, budgets: readonly Manifest[]): PlainObject {
  const { workloads } = group
  const replication = judgeReplication({
    count: workloads.reduce((sum, { replicas }) => sum + replicas, 0),
    name: group.id,
    images: workloads.flatMap(imagesOf),
    command: workloads.flatMap(({ containers }) =>
      containers.flatMap((item) => [...textsAt(item, 'command'), ...textsAt(item, 'args')]),
    ),
  })
  const spread = workloads.flatMap((workload) => noteSpread(workload, budgets))
  const notes = [...new Set([replication.notes ?? [], spread].flat())]
  return {
    instances: replication.instances > 1 ? replication.instances : undefined,
    needs: replication.needs,
    rollout: readRollout(workloads, replication.instances),
    health: readHealth(workloads),
    failover: replication.failover,
    notes: notes.length > 0 ? notes.join(' ') : undefined,
  }
}

/**
 * Rolling needs something to tell a good new instance from a bad one: a readiness probe, and more than one instance.
 * Versions deployed apart from each other arrive one by one.
 */
function readRollout(workloads: readonly Workload[], instances: number): string | undefined {
  if (workloads.length > 1 && instances > 1) return 'rolling'
  const [workload] = workloads
  if (!workload || isJob(workload)) return undefined
  const stated =
    textAt(workload.manifest.value, 'spec', 'strategy', 'type') ??
    textAt(workload.manifest.value, 'spec', 'updateStrategy', 'type') ??
    'RollingUpdate'
  if (workload.kind === 'Rollout') return readProgressiveRollout(workload)
  if (stated === 'Recreate') return 'all-at-once'
  const rolls = ROLLING_KINDS.has(workload.kind) && stated === 'RollingUpdate'
  return rolls && instances > 1 && probeOf(workload, 'readinessProbe') !== undefined ? 'rolling' : undefined
}

/** Argo Rollouts say how in so many words. */
function readProgressiveRollout({ manifest }: Workload): string | undefined {
  if (at(manifest.value, 'spec', 'strategy', 'canary') !== undefined) return 'canary'
  return at(manifest.value, 'spec', 'strategy', 'blueGreen') === undefined ? undefined : 'blue-green'
}

const ROLLING_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

/** Ready only when every workload behind the component has a probe: else what hangs stays in. */
function readHealth(workloads: readonly Workload[]): PlainObject | undefined {
  const ready = workloads.map((workload) => probeOf(workload, 'readinessProbe'))
  const live = workloads.map((workload) => probeOf(workload, 'livenessProbe'))
  const isReady = ready.length > 0 && ready.every((probe) => probe !== undefined)
  const health = {
    ...(live[0] !== undefined && { live: live[0] }),
    ...(isReady && { ready: ready[0] }),
  }
  return Object.keys(health).length > 0 ? health : undefined
}

/** Spread and disruption budgets are told, not modelled: the files name no hosts. */
function noteSpread(workload: Workload, budgets: readonly Manifest[]): string[] {
  const affinity = mapAt(workload.podSpec, 'affinity', 'podAntiAffinity')
  const required = listAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution')
  const preferred = listAt(affinity, 'preferredDuringSchedulingIgnoredDuringExecution').map((item) =>
    mapAt(item, 'podAffinityTerm'),
  )
  const constraints = listAt(workload.podSpec, 'topologySpreadConstraints')
  const notes = [
    ...required.map((term) => `Anti-affinity: never two on one ${topologyOf(term)}.`),
    ...preferred.map((term) => `Anti-affinity: not two on one ${topologyOf(term)} where possible.`),
    ...constraints.map((constraint) => `Spread over ${topologyOf(constraint)}.`),
  ]
  for (const { value, namespace, name } of budgets) {
    if (namespace !== workload.namespace || !isSelected(mapAt(value, 'spec', 'selector', 'matchLabels'), workload))
      continue
    const [key] = ['minAvailable', 'maxUnavailable'].filter((item) => at(value, 'spec', item) !== undefined)
    if (key) notes.push(`Disruption budget ${name}: ${key} ${textAt(value, 'spec', key)}.`)
  }
  if (workload.kind === 'DaemonSet')
    notes.push('One on each node; how many nodes there are is not stated, so 1 is assumed.')
  return notes
}

function topologyOf(term: unknown): string {
  return (textAt(term, 'topologyKey') ?? 'host').replace(/^.*\//, '')
}
