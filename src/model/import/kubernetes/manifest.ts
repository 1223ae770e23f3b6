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

/** Every object of the files: lists opened, templates refused, and what is declared twice reported once a file. */
export function readManifests(files: readonly ImportFile[]): { manifests: Manifest[]; problems: Problem[] } {
  const problems: Problem[] = []
  const byKey = new Map<string, Manifest>()
  const conflicts = new Map<string, Manifest[]>()
  for (const { file, values } of files)
    for (const value of values.flatMap((item) => openList(item, 0))) {
      const manifest = readManifest(file, value)
      if ('message' in manifest) {
        problems.push(manifest)
        continue
      }
      const key = `${manifest.kind} ${manifest.namespace} ${manifest.name}`
      const first = byKey.get(key)
      if (!first) byKey.set(key, manifest)
      else if (JSON.stringify(first.value) !== JSON.stringify(value)) {
        const pair = `${first.file}\n${file}`
        conflicts.set(pair, [...(conflicts.get(pair) ?? []), manifest])
      }
    }
  for (const [pair, declared] of conflicts) problems.push(explainConflict(pair.split('\n')[0] ?? '', declared))
  return { manifests: [...byKey.values()], problems: oncePerFile(problems) }
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

function explainConflict(firstFile: string, declared: readonly Manifest[]): Problem {
  const [manifest] = declared as [Manifest]
  const more = declared.length > 1 ? ` and ${declared.length - 1} more` : ''
  const message = `${manifest.kind} "${manifest.name}"${more} is declared otherwise in ${firstFile}. These look like variants of one platform: name the files or the folder of one.`
  return { where: manifest.where, message }
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
