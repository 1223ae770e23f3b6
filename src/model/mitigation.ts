import { isPlainObject, mergeLocated, type PlainObject, type Problem } from '../source/index.ts'
import { buildModel } from './build-model.ts'
import type { SystemDocument, SystemModel } from './system-model.ts'

/**
 * The model as it would be with these mitigations, applied in the order of the model.
 * Problems are mistakes in the mitigations' `changes`, or two of them that contradict each other.
 * Throws `RangeError` for an id that the model does not have.
 */
export function applyMitigations(model: SystemModel, ids: readonly string[]): Mitigated {
  for (const id of ids)
    if (!model.mitigations.some((mitigation) => mitigation.id === id)) throw new RangeError(`no mitigation "${id}"`)
  if (ids.length === 0) return { model, problems: [] }
  const known = built.get(model) ?? new Map<string, Mitigated>()
  built.set(model, known)
  const key = JSON.stringify(ids)
  const mitigated = known.get(key) ?? build(model, ids)
  known.set(key, mitigated)
  return mitigated
}

interface Mitigated {
  readonly model: SystemModel
  readonly problems: readonly Problem[]
}

/** Models do not change, and the same states of one are asked for again and again: what was built is kept. */
const built = new WeakMap<SystemModel, Map<string, Mitigated>>()

/** The text of the components as it would be with these mitigations, not yet checked. */
export function mergeComponents({ document }: SystemModel, ids: readonly string[]): PlainObject {
  const all = (document.mitigations ?? {}) as Record<string, PlainObject>
  let components: unknown = document.components ?? {}
  for (const [id, mitigation] of Object.entries(all))
    if (ids.includes(id) && isPlainObject(mitigation.changes)) components = mergeLocated(components, mitigation.changes)
  return isPlainObject(components) ? components : {}
}

function build(model: SystemModel, ids: readonly string[]): Mitigated {
  const changed = mergeLocated(model.document, {}) as PlainObject
  changed.components = mergeComponents(model, ids)
  const result = buildModel(changed as SystemDocument, model.flows[0]?.where.file ?? 'system.yaml')
  if (!result.model) return { model, problems: result.problems }
  return { model: { ...result.model, document: model.document }, problems: [] }
}

/** What-if: the model with some components changed as a system file would state them. */
export function changeComponents(
  model: SystemModel,
  changes: PlainObject,
): { model: SystemModel | undefined; problems: readonly Problem[] } {
  return buildModel(mergeLocated(model.document, { components: changes }) as SystemDocument, 'what-if')
}
