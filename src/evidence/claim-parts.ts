import { applyMitigations, mergeComponents, type SystemModel, stateClaims } from '../model/index.ts'
import { digestOf, isPlainObject, lazy, type PlainObject } from '../source/index.ts'

/** A claim of the model with the part of it that evidence must fit. */
export interface ClaimPart {
  readonly id: string
  /** Ids of the components and dependencies it rests on. */
  readonly about: readonly string[]
  /** SHA-256 of what the model says of these, without prose. Computed when asked for: most claims were never tried. */
  readonly digest: () => string
}

/**
 * Every claim of the model by id, each as in the state in which it exists: with all mitigations; where a mitigation
 * does away with it, with those in place; else as it was.
 */
export function listClaimParts(model: SystemModel): Map<string, ClaimPart> {
  const all = model.mitigations.map(({ id }) => id)
  const inPlace = model.mitigations.filter(({ state }) => state === 'in-place').map(({ id }) => id)
  const states = new Map([all, inPlace, []].map((ids) => [ids.join(' '), ids]))
  const parts = new Map<string, ClaimPart>()
  for (const ids of states.values())
    for (const part of partsWith(model, ids)) if (!parts.has(part.id)) parts.set(part.id, part)
  return parts
}

/** The digest of the part of the model that a claim rests on, or undefined when the model implies no such claim. */
export function digestOfClaim(model: SystemModel, claimId: string): string | undefined {
  return listClaimParts(model).get(claimId)?.digest()
}

/** Two components may name the same runbook: such a claim rests on both. */
function partsWith(model: SystemModel, mitigations: readonly string[]): ClaimPart[] {
  const components = mergeComponents(model, mitigations)
  const about = new Map<string, string[]>()
  for (const claim of stateClaims(applyMitigations(model, mitigations).model)) {
    const names = about.get(claim.id)
    if (names) names.push(...claim.about)
    else about.set(claim.id, [...claim.about])
  }
  return [...about].map(([id, names]) => ({
    id,
    about: names,
    digest: lazy(() => digestOf(Object.fromEntries(names.map((name) => [name, partOf(components, name)])))),
  }))
}

/** A component without its dependencies, which are parts of their own; or one dependency. Prose is left out. */
function partOf(components: PlainObject, name: string): PlainObject {
  const [caller = '', target] = name.split('>')
  const { 'depends-on': dependencies, title, notes, ...itself } = blockOf(components[caller])
  if (target === undefined) return { ...itself, failure: withoutSources(itself.failure) }
  const { evidence, ...dependency } = blockOf(blockOf(dependencies)[target])
  return dependency
}

function withoutSources(failure: unknown): unknown {
  if (!isPlainObject(failure)) return failure
  const modes = Object.entries(failure).map(([mode, figures]) => {
    const { source, ...rest } = blockOf(figures)
    return [mode, rest]
  })
  return Object.fromEntries(modes)
}

/** An empty block is read as null. */
function blockOf(value: unknown): PlainObject {
  return isPlainObject(value) ? value : {}
}
