import { type Failing, failTogether } from '../../assess/index.ts'
import { applyMitigations, type SystemModel } from '../../model/index.ts'
import { faultOf } from '../fault/list.ts'
import type { DrillPlan } from '../format/plan.ts'

/** `served` may be degraded: users get an answer. */
export type Prediction = 'down' | 'served'

/** What the model says of every flow (by id) while all of this is broken. */
export function predict(model: SystemModel, failing: readonly Failing[]): ReadonlyMap<string, Prediction> {
  const { down } = failTogether(model, failing)
  return new Map(model.flows.map(({ id }) => [id, down.includes(id) ? 'down' : 'served']))
}

/** What the faults of a drill are in the words of the model, or why that cannot be told. */
export function failuresOf(plan: DrillPlan, model: SystemModel): readonly Failing[] | { readonly unknown: string } {
  const counts = new Map<string, { component: string; mode: Failing['mode']; broken: Set<string>; of: number }>()
  for (const { kind, fault, targets } of plan.steps.filter(({ isStage }) => !isStage)) {
    const { modes } = faultOf(kind)
    const [mode] = modes
    if (mode === undefined || modes.length > 1) return { unknown: `${fault} may be a crash and a hang` }
    for (const target of targets) {
      const part = plan.lab.instances.find(({ name }) => name === target)?.part
      if (part === undefined) return { unknown: `${target} is no instance of a part` }
      const component = plan.input.parts?.[part] ?? part
      const of = plan.lab.instances.filter((one) => one.part === part).length
      const key = `${component} ${mode}`
      const count = counts.get(key) ?? { component, mode, broken: new Set(), of }
      counts.set(key, count)
      count.broken.add(target)
    }
  }
  const claimed = claimedComponents(model)
  const failing: Failing[] = []
  for (const { component, mode, broken, of } of counts.values()) {
    const instances = claimed.get(component)
    if (instances === undefined) return { unknown: `the model has no component "${component}"` }
    if (broken.size === of) failing.push({ component, mode })
    else if (instances === of) failing.push({ component, mode, instances: broken.size })
    else return { unknown: `the lab runs ${of} of ${component}, and the model has ${instances}` }
  }
  return failing
}

/** How many instances each component has, as claimed. */
export function claimedComponents(model: SystemModel): ReadonlyMap<string, number> {
  const inPlace = model.mitigations.filter(({ state }) => state === 'in-place').map(({ id }) => id)
  return new Map(applyMitigations(model, inPlace).model.components.map(({ id, instances }) => [id, instances]))
}
