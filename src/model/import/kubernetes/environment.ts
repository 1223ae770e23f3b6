import { isPlainObject, type PlainObject, type Position, positionOf } from '../../../source/index.ts'
import { at, listAt, mapAt, textAt } from '../untyped.ts'
import type { Manifest } from './manifest.ts'
import type { Workload } from './workload.ts'

/** A value that a container reads: from its own manifest, a ConfigMap, a Secret or a mounted file. */
export interface ReadValue {
  readonly name: string
  readonly value: string
  readonly evidence: string
  readonly where: Position
}

/** The ConfigMaps and Secrets of the files, by kind, namespace and name. */
export type Stores = ReadonlyMap<string, Manifest>

export function readStores(manifests: readonly Manifest[]): Stores {
  const stores = manifests.filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret')
  return new Map(stores.map((item) => [`${item.kind} ${item.namespace} ${item.name}`, item]))
}

/** Everything the running containers of a workload read that may name a host. */
export function readEnvironment(workload: Workload, stores: Stores): ReadValue[] {
  return [...readVariables(workload, stores), ...new EnvironmentReader(workload, stores).readMounts()]
}

/** The variables alone, without mounted files. */
export function readVariables(workload: Workload, stores: Stores): ReadValue[] {
  const reader = new EnvironmentReader(workload, stores)
  return workload.containers.flatMap((container) => reader.readContainer(container))
}

class EnvironmentReader {
  readonly #workload: Workload
  readonly #stores: Stores

  constructor(workload: Workload, stores: Stores) {
    this.#workload = workload
    this.#stores = stores
  }

  /** `env` wins over `envFrom`; `$(NAME)` stands for a value read before. */
  readContainer(container: PlainObject): ReadValue[] {
    const byName = new Map<string, ReadValue>()
    for (const source of listAt(container, 'envFrom'))
      for (const read of this.#readWhole(source)) byName.set(read.name, read)
    for (const item of listAt(container, 'env')) {
      const name = textAt(item, 'name')
      const read = name === undefined ? undefined : this.#readVariable(item as PlainObject, name)
      if (read) byName.set(read.name, { ...read, value: expand(read.value, byName) })
    }
    return [...byName.values()]
  }

  /** Files that a ConfigMap puts into the pod. */
  readMounts(): ReadValue[] {
    return listAt(this.#workload.podSpec, 'volumes').flatMap((volume) => {
      const store = this.#store('ConfigMap', textAt(volume, 'configMap', 'name'))
      return store ? this.#readStore(store, (key) => `config map ${store.name}: ${key}`, '') : []
    })
  }

  #readVariable(item: PlainObject, name: string): ReadValue | undefined {
    const where = positionOf(item, ['value']) ?? positionOf(item, []) ?? this.#workload.where
    const value = textAt(item, 'value')
    if (value !== undefined) return { name, value, evidence: `env ${name}`, where }
    const from = mapAt(item, 'valueFrom')
    for (const [kind, reference] of [
      ['ConfigMap', 'configMapKeyRef'],
      ['Secret', 'secretKeyRef'],
    ] as const) {
      const store = this.#store(kind, textAt(from, reference, 'name'))
      const key = textAt(from, reference, 'key') ?? ''
      const stored = store && storedText(store, key)
      if (store && stored !== undefined)
        return {
          name,
          value: stored,
          evidence: `env ${name} (${labelOf(store)})`,
          where: positionOf(item, ['valueFrom']) ?? where,
        }
    }
    return undefined
  }

  #readWhole(source: unknown): ReadValue[] {
    const store =
      this.#store('ConfigMap', textAt(source, 'configMapRef', 'name')) ??
      this.#store('Secret', textAt(source, 'secretRef', 'name'))
    if (!store) return []
    return this.#readStore(store, (key) => `env ${key} (${labelOf(store)})`, textAt(source, 'prefix') ?? '')
  }

  #readStore(store: Manifest, evidence: (key: string) => string, prefix: string): ReadValue[] {
    const keys = [...Object.keys(mapAt(store.value, 'data')), ...Object.keys(mapAt(store.value, 'stringData'))]
    return keys.flatMap((key) => {
      const value = storedText(store, key)
      const where = positionOf(store.value, ['data', key]) ?? store.where
      return value === undefined ? [] : [{ name: `${prefix}${key}`, value, evidence: evidence(key), where }]
    })
  }

  #store(kind: 'ConfigMap' | 'Secret', name: string | undefined): Manifest | undefined {
    return name === undefined ? undefined : this.#stores.get(`${kind} ${this.#workload.namespace} ${name}`)
  }
}

function labelOf({ kind, name }: Manifest): string {
  return `${kind === 'Secret' ? 'secret' : 'config map'} ${name}`
}

/** A stored text; the `data` of a Secret is base64. */
function storedText({ kind, value }: Manifest, key: string): string | undefined {
  const plain = kind === 'Secret' ? textAt(value, 'stringData', key) : textAt(value, 'data', key)
  if (plain !== undefined || kind !== 'Secret') return plain
  const encoded = (textAt(value, 'data', key) ?? '').replace(/\s+/g, '')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && encoded.length % 4 === 0 ? atob(encoded) : undefined
}

function expand(value: string, known: ReadonlyMap<string, ReadValue>): string {
  return value.replace(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => known.get(name)?.value ?? whole)
}

/** ConfigMaps that a workload must have and that are not among the files. */
export function findMissingStores(workload: Workload, stores: Stores): string[] {
  const wanted = workload.containers.flatMap((container) => [
    ...listAt(container, 'envFrom').map((source) => mapAt(source, 'configMapRef')),
    ...listAt(container, 'env').map((item) => mapAt(item, 'valueFrom', 'configMapKeyRef')),
  ])
  return wanted.flatMap((reference) => {
    const name = textAt(reference, 'name')
    const isMissing = name !== undefined && !stores.has(`ConfigMap ${workload.namespace} ${name}`)
    return isMissing && isPlainObject(reference) && at(reference, 'optional') !== true ? [name] : []
  })
}
