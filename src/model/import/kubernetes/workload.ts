import { isPlainObject, type PlainObject, type Position, positionOf } from '../../../source/index.ts'
import { programOf } from '../program.ts'
import { countAt, listAt, mapAt, textAt, textsAt } from '../untyped.ts'
import type { Manifest } from './manifest.ts'

/** Something that runs pods. */
export interface Workload {
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly where: Position
  readonly manifest: Manifest
  /** The labels of its pods, by which Services find them. */
  readonly labels: PlainObject
  readonly podSpec: PlainObject
  /** What runs as long as the pod: containers and native sidecars. */
  readonly containers: readonly PlainObject[]
  /** What runs before them, once. */
  readonly initContainers: readonly PlainObject[]
  readonly replicas: number
}

const POD_TEMPLATES: Record<string, readonly string[]> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  DeploymentConfig: ['spec', 'template'],
  Rollout: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  Pod: [],
}

export const WORKLOAD_KINDS: ReadonlySet<string> = new Set(Object.keys(POD_TEMPLATES))

/** Undefined for objects that run no pods. */
export function readWorkload(manifest: Manifest, replicasMin: number | undefined): Workload | undefined {
  const path = POD_TEMPLATES[manifest.kind]
  if (!path) return undefined
  const podSpec = mapAt(manifest.value, ...path, 'spec')
  const init = listAt(podSpec, 'initContainers').filter(isPlainObject)
  const isSidecar = (container: PlainObject) => textAt(container, 'restartPolicy') === 'Always'
  return {
    kind: manifest.kind,
    name: manifest.name,
    namespace: manifest.namespace,
    where: manifest.where,
    manifest,
    labels: mapAt(manifest.value, ...path, 'metadata', 'labels'),
    podSpec,
    containers: [...listAt(podSpec, 'containers').filter(isPlainObject), ...init.filter(isSidecar)],
    initContainers: init.filter((container) => !isSidecar(container)),
    replicas: replicasMin ?? countAt(manifest.value, 'spec', 'replicas') ?? 1,
  }
}

export function isJob({ kind }: Workload): boolean {
  return kind === 'Job' || kind === 'CronJob'
}

export function imagesOf({ containers }: Workload): string[] {
  return containers.flatMap((container) => textAt(container, 'image') ?? [])
}

export function portsOf({ containers }: Workload): number[] {
  return containers.flatMap((container) =>
    listAt(container, 'ports').flatMap((port) => countAt(port, 'containerPort') ?? []),
  )
}

/** What a probe asks, of the first container that has one: a path, a port or a program. */
export function probeOf({ containers }: Workload, probe: 'readinessProbe' | 'livenessProbe'): string | undefined {
  for (const container of containers) {
    const found = mapAt(container, probe)
    const path = textAt(found, 'httpGet', 'path')
    if (path !== undefined) return path
    const port = textAt(found, 'tcpSocket', 'port') ?? textAt(found, 'httpGet', 'port')
    if (port !== undefined) return `tcp ${port}`
    const grpc = textAt(found, 'grpc', 'port')
    if (grpc !== undefined) return `grpc ${grpc}`
    if (Object.keys(found).length > 0) return programOf(textsAt(found, 'exec', 'command')) ?? 'exec'
  }
  return undefined
}

/** Whether every label of a selector is on the pods. An empty selector selects nothing here. */
export function isSelected(selector: PlainObject, { labels }: Workload): boolean {
  const entries = Object.entries(selector)
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value)
}

export function positionInManifest({ manifest }: Workload, path: readonly string[]): Position {
  return positionOf(manifest.value, path) ?? manifest.where
}
