import { markKey, markPositions, type PathStep, type PlainObject, type Position } from '../../source/index.ts'
import type { FoundKind } from './image-kind.ts'
import type { Role } from './role.ts'

/** A component as an importer found it, before it is written as part of a document. */
export interface FoundComponent {
  readonly id: string
  readonly kind: FoundKind
  readonly role: Role
  readonly where: Position | undefined
  /** Facts in the shape of a system file: instances, needs, rollout, health, failover, notes; absent ones are undefined. */
  readonly facts: PlainObject
  readonly dependencies: Map<string, FoundDependency>
}

export interface FoundDependency {
  readonly strength: 'unknown' | 'soft' | 'async'
  readonly evidence: readonly string[]
  readonly where: Position | undefined
  /** Components of which any one will do; absent: the dependency names its component. */
  readonly anyOf?: readonly string[]
}

export interface FoundFlow {
  readonly entry: string
  readonly where: Position | undefined
}

const EVIDENCE_MAX = 6

/** Adds what shows a dependency; several signs of one dependency are one dependency. */
export function addDependency(component: FoundComponent, target: string, found: FoundDependency): void {
  if (target === component.id) return
  const known = component.dependencies.get(target)
  if (known === undefined) {
    component.dependencies.set(target, found)
    return
  }
  const evidence = [...new Set([...known.evidence, ...found.evidence])]
  component.dependencies.set(target, { ...known, evidence })
}

/**
 * What others send to telemetry is sent without waiting: its failure is noticed, not suffered. So these dependencies
 * are async, and say why. Between telemetry components it stays unknown: there it may be the whole point.
 */
export function markTelemetry(components: readonly FoundComponent[]): { notes: string[] } {
  const marked = new Set<string>()
  const roles = new Map(components.map(({ id, role }) => [id, role]))
  for (const { role, dependencies } of components) {
    if (role === 'telemetry') continue
    for (const [target, found] of dependencies)
      if (roles.get(target) === 'telemetry') {
        dependencies.set(target, { ...found, strength: 'async', evidence: [...found.evidence, 'telemetry'] })
        marked.add(target)
      }
  }
  const names = [...marked].join(', ')
  return { notes: marked.size === 0 ? [] : [`Taken as telemetry, for which nobody waits: ${names}.`] }
}

/** The document in the shape of a system file; everything in it knows where it was read. */
export function writeDocument(
  system: string,
  components: readonly FoundComponent[],
  flows: readonly FoundFlow[],
): PlainObject {
  const flowMap = writeMap(
    flows.map(({ entry, where }) => [`use-${entry}`, { title: `Use ${entry}`, entry }, where] as const),
  )
  const componentMap = writeMap(components.map((item) => [item.id, writeComponent(item), item.where] as const))
  return { system, flows: flowMap, components: componentMap }
}

function writeComponent({ kind, facts, dependencies }: FoundComponent): PlainObject {
  const stated = Object.entries(facts).filter(([, value]) => value !== undefined)
  const component: PlainObject = { kind, ...Object.fromEntries(stated) }
  if (dependencies.size > 0)
    component['depends-on'] = writeMap(
      [...dependencies].map(([target, found]) => [target, writeDependency(found), found.where] as const),
    )
  return component
}

function writeDependency({ strength, evidence, anyOf }: FoundDependency): PlainObject {
  const shown = evidence.slice(0, EVIDENCE_MAX)
  if (evidence.length > EVIDENCE_MAX) shown.push(`and ${evidence.length - EVIDENCE_MAX} more`)
  const group = anyOf && { 'any-of': Object.fromEntries(anyOf.map((target) => [target, null])) }
  return { strength, ...group, evidence: shown }
}

function writeMap(entries: readonly (readonly [string, PlainObject, Position | undefined])[]): PlainObject {
  const map: PlainObject = Object.fromEntries(entries)
  for (const [key, value, where] of entries) {
    if (!where) continue
    markKey(map, key, where)
    markPositions(value, where, new Map<PathStep, Position>())
  }
  return map
}
