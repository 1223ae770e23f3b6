import { isPlainObject, type PlainObject, type Position, type Problem, positionOf } from '../../../source/index.ts'
import type { ImportFile } from '../importer.ts'
import { at, textAt } from '../untyped.ts'

/** One Kubernetes object. */
export interface Manifest {
  readonly kind: string
  /** The API group without version, such as `apps`; empty for the core. */
  readonly group: string
  readonly name: string
  readonly namespace: string
  readonly value: PlainObject
  readonly file: string
  readonly where: Position
}

export const DEFAULT_NAMESPACE = 'default'

/** Every object of the files: lists opened, templates refused, and variants of one object reported. */
export function readManifests(files: readonly ImportFile[]): { manifests: Manifest[]; problems: Problem[] } {
  const read = files.flatMap(({ file, values }) =>
    values.flatMap((value) => openList(value, 0)).map((value) => readManifest(file, value)),
  )
  const byKey = new Map<string, Manifest>()
  const conflicts: Manifest[] = []
  for (const manifest of read) {
    if ('message' in manifest) continue
    const first = byKey.get(keyOf(manifest))
    if (!first) byKey.set(keyOf(manifest), manifest)
    else if (COUNTED.has(manifest.kind) && !isSame(first, manifest)) conflicts.push(manifest)
  }
  const problems = oncePerFile(read.flatMap((item) => ('message' in item ? [item] : [])))
  return { manifests: [...byKey.values()], problems: [...problems, ...explainConflicts(conflicts, byKey)] }
}

function isSame(one: Manifest, other: Manifest): boolean {
  return JSON.stringify(one.value) === JSON.stringify(other.value)
}

/** Kinds whose variants make another platform. */
const COUNTED = new Set(
  'Deployment StatefulSet DaemonSet ReplicaSet ReplicationController DeploymentConfig Rollout Job CronJob Pod Service ConfigMap Secret Ingress HorizontalPodAutoscaler'.split(
    ' ',
  ),
)

function keyOf({ kind, namespace, name }: Manifest): string {
  return `${kind} ${namespace} ${name}`
}

const DEPTH_MAX = 5

function openList(value: unknown, depth: number): PlainObject[] {
  if (!isPlainObject(value)) return []
  const items = at(value, 'items')
  const isList = Array.isArray(items) && /List$/.test(textAt(value, 'kind') ?? '')
  return isList && depth < DEPTH_MAX ? items.flatMap((item) => openList(item, depth + 1)) : [value]
}

function readManifest(file: string, value: PlainObject): Manifest | Problem {
  const where = positionOf(value, []) ?? { file, line: 1, column: 1 }
  const kind = textAt(value, 'kind')
  const name = textAt(value, 'metadata', 'name') ?? textAt(value, 'metadata', 'generateName')
  if (isTemplate(value)) return { where, message: TEMPLATE }
  if (kind === undefined || textAt(value, 'apiVersion') === undefined)
    return {
      where,
      message: 'This is not a Kubernetes manifest: apiVersion or kind is missing. Add them, or leave the file out.',
    }
  const version = textAt(value, 'apiVersion') ?? ''
  return {
    kind,
    group: version.includes('/') ? version.slice(0, version.indexOf('/')) : '',
    name: name ?? '',
    namespace: textAt(value, 'metadata', 'namespace') ?? DEFAULT_NAMESPACE,
    value,
    file,
    where,
  }
}

const TEMPLATE =
  'This is a template with placeholders, not a manifest. Render it first (helm template, kubectl kustomize) and name the result.'

/** `{{ … }}` where names stand: read as YAML, it is text or a map in a map. */
function isTemplate(value: PlainObject): boolean {
  const places = [
    at(value, 'kind'),
    at(value, 'metadata', 'name'),
    at(value, 'metadata', 'namespace'),
    at(value, 'spec', 'replicas'),
  ]
  return (
    places.some((place) => isPlainObject(place) || (typeof place === 'string' && place.includes('{{'))) ||
    Object.keys(value).some((key) => key.includes('{{') || key === '[object Object]')
  )
}

/** One mistake, however many objects it shows in: the files are variants, and only one of them runs. */
function explainConflicts(conflicts: readonly Manifest[], byKey: ReadonlyMap<string, Manifest>): Problem[] {
  const [manifest, ...others] = conflicts
  if (!manifest) return []
  const first = byKey.get(keyOf(manifest))
  const files = new Set(conflicts.map(({ file }) => file)).size
  const rest = others.length === 1 ? 'is 1 more object' : `are ${others.length} more objects`
  const more = others.length === 0 ? '' : ` So ${rest}, in ${files === 1 ? '1 file' : `${files} files`}.`
  const message = `${manifest.kind} "${manifest.name}" is declared otherwise in ${first?.file}.${more} These look like variants of one platform: name the files or the folder of one.`
  return [{ where: manifest.where, message }]
}

/** A template says the same of each of its documents: once is enough. */
function oncePerFile(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ where, message }) => {
    const key = `${where.file} ${message}`
    if (message === TEMPLATE && seen.has(key)) return false
    seen.add(key)
    return true
  })
}
