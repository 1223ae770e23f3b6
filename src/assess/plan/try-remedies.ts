import { type Component, changeComponents, type Mitigation, type SystemModel } from '../../model/index.ts'
import type { PlainObject } from '../../source/index.ts'
import { assessWith } from '../assess.ts'
import type { ComponentView } from '../view.ts'

/** Something tried alone on the claimed platform, and what becomes of the component. */
export interface TriedRemedy {
  /** A mitigation of the model, or one of the three remedies that every component has. */
  readonly mitigation: Mitigation | undefined
  readonly title: string
  readonly after: ComponentView
}

/** Only SPOFs, radii and risk are looked at: no probabilities, no pairs. */
const LIMITS = { nodesMax: 0, orderMax: 1, importanceMax: 0 }

/** Tries each mitigation that is not in place, and guards, redundancy and a fallback, one at a time. */
export function tryRemedies(model: SystemModel, id: string): TriedRemedy[] {
  const component = model.components.find((candidate) => candidate.id === id)
  if (!component) throw new RangeError(`no component "${id}"`)
  const planned = model.mitigations.filter(({ state }) => state !== 'in-place')
  return [
    ...planned.flatMap((mitigation) => tryOne(model, id, { mitigation, title: mitigation.title })),
    ...listRemedies(model, component).flatMap(({ title, changes }) => {
      const changed = changeComponents(model, changes).model
      return changed ? tryOne(changed, id, { mitigation: undefined, title }) : []
    }),
  ]
}

function tryOne(model: SystemModel, id: string, what: Pick<TriedRemedy, 'mitigation' | 'title'>): TriedRemedy[] {
  const view = assessWith(model, what.mitigation ? [what.mitigation.id] : [], { limits: LIMITS })
  const after = view.components.find(({ component }) => component.id === id)
  return after ? [{ ...what, after }] : []
}

interface Remedy {
  readonly title: string
  readonly changes: PlainObject
}

function listRemedies(model: SystemModel, component: Component): Remedy[] {
  const guard = { deadline: '1s', breaker: true }
  const remedies = [
    { title: 'A guard on every call to it (deadline, breaker)', changes: changeCallers(model, component, { guard }) },
    {
      title: 'A guard and a fallback in every caller',
      changes: changeCallers(model, component, { guard, fallback: { name: 'fallback' } }),
    },
  ]
  const redundancy = makeRedundant(component)
  return redundancy ? [...remedies, redundancy] : remedies
}

function changeCallers(model: SystemModel, { id }: Component, change: PlainObject): PlainObject {
  const { guard, ...rest } = change
  const callers = model.components.flatMap((caller) => {
    const dependencies = caller.dependencies.filter(({ alternatives }) =>
      alternatives.some(({ target }) => target === id),
    )
    const changes = dependencies.map(({ name, isAnyOf }) => [
      name,
      isAnyOf ? { ...rest, 'any-of': { [id]: { guard } } } : change,
    ])
    return dependencies.length === 0 ? [] : [[caller.id, { 'depends-on': Object.fromEntries(changes) }]]
  })
  return Object.fromEntries(callers)
}

/** Undefined where more of the same is not ours to run. */
function makeRedundant({ id, kind, instances, needs }: Component): Remedy | undefined {
  const more = Math.max(instances, needs + 1)
  switch (kind) {
    case 'gateway':
    case 'service':
    case 'job': {
      const changes = { [id]: { instances: more, rollout: 'rolling', health: { ready: '/ready' } } }
      return { title: `${more} instances, rolled out in steps, taken out when not ready`, changes }
    }
    case 'database':
    case 'cache': {
      const failover = { mode: 'automatic', takes: '30s', loses: '0s' }
      return { title: 'A standby with automatic failover in 30 s', changes: { [id]: { instances: more, failover } } }
    }
    case 'queue':
      return {
        title: 'Three nodes, two of them needed',
        changes: { [id]: { instances: 3, needs: 2, health: { ready: '/ready' } } },
      }
    default:
      return undefined
  }
}
