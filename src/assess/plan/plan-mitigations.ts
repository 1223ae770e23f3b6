import { type Mitigation, mergeComponents, type SystemModel } from '../../model/index.ts'
import { digestOf } from '../../source/index.ts'
import { assessOnly } from '../assess.ts'
import { type Candidate, type Choice, chooseMitigations, type RiskOf } from './choose-mitigations.ts'
import { type OrderedStep, orderMitigations } from './order-mitigations.ts'

/** What to do next of the roadmap, within an effort, so that the least risk is left. */
export interface Plan {
  readonly budgetMs: number
  /** Minutes down a year over all flows, weighted by their share of business, with what is in place. */
  readonly riskNow: number
  readonly choice: Choice
  /** The chosen in the order of what each removes for its effort. */
  readonly steps: readonly OrderedStep[]
  /** The least risk that each effort can leave, from nothing to everything. */
  readonly curve: readonly Choice[]
  /** Open mitigations that change nothing about the risk, as far as the model shows. */
  readonly idle: readonly string[]
  /** Open mitigations without an effort: they cannot be weighed. */
  readonly unweighed: readonly string[]
  /** Where risk would have ordered the whole roadmap differently from its sprints. */
  readonly reordered: readonly Reordered[]
}

/** A mitigation that risk puts before some that the roadmap puts in an earlier sprint. */
export interface Reordered {
  readonly id: string
  /** Counted from 1, among those that remove risk. */
  readonly place: number
  readonly before: readonly string[]
}

const CURVE_POINTS_MAX = 12
/** Probabilities only: no cut sets, no importance. */
const LIMITS = { orderMax: 1, importanceMax: 0 }

/** Pure; a risk is what `assess` computes for the platform with exactly those mitigations. */
export function planMitigations(model: SystemModel, { budgetMs }: { readonly budgetMs: number }): Plan {
  const measure = createMeasure(model)
  const inPlace = model.mitigations.filter(({ state }) => state === 'in-place').map(({ id }) => id)
  const open = model.mitigations.filter(({ state }) => state !== 'in-place')
  const weighed = open.filter(hasEffort).filter(({ id }) => changesSomething(model, inPlace, id))
  const candidates = weighed.map(({ id, effortMs }) => ({ id, effortMs }))
  const riskOf: RiskOf = (chosen) => measure([...inPlace, ...chosen.flatMap((i) => candidates[i]?.id ?? [])])
  const { steps, idle } = orderMitigations(candidates, riskOf)
  const choice = chooseMitigations(candidates, riskOf, { budgetMs })
  const chosen = candidates.filter(({ id }) => choice.chosen.includes(id))
  const riskOfChosen: RiskOf = (picked) => measure([...inPlace, ...picked.flatMap((i) => chosen[i]?.id ?? [])])
  const efforts = accumulate(steps).slice(0, CURVE_POINTS_MAX - 1)
  const isIdle = ({ id }: Mitigation) => !candidates.some((candidate) => candidate.id === id) || idle.includes(id)
  return {
    budgetMs,
    riskNow: measure(inPlace),
    choice,
    steps: orderMitigations(chosen, riskOfChosen).steps,
    curve: [0, ...efforts].map((effortMs) => chooseMitigations(candidates, riskOf, { budgetMs: effortMs })),
    idle: open.filter((item) => hasEffort(item) && isIdle(item)).map(({ id }) => id),
    unweighed: open.filter((item) => !hasEffort(item)).map(({ id }) => id),
    reordered: findReordered(model, measure),
  }
}

function hasEffort(mitigation: Mitigation): mitigation is Mitigation & { readonly effortMs: number } {
  return mitigation.effortMs !== undefined
}

/** Evaluations are asked for again and again by the searches: each set is assessed once. */
function createMeasure(model: SystemModel): (ids: readonly string[]) => number {
  const known = new Map<string, number>()
  return (ids) => {
    const ordered = model.mitigations.map(({ id }) => id).filter((id) => ids.includes(id))
    const key = ordered.join(' ')
    const risk = known.get(key) ?? assessRisk(model, ordered)
    known.set(key, risk)
    return risk
  }
}

function assessRisk(model: SystemModel, ids: readonly string[]): number {
  const { flows } = assessOnly(model, ids, { limits: LIMITS })
  return flows.reduce((sum, { flow, minutesDownPerYear }) => sum + flow.share * minutesDownPerYear, 0)
}

/** A mitigation without changes leaves every figure as it is: it need not be tried. */
function changesSomething(model: SystemModel, inPlace: readonly string[], id: string): boolean {
  return digestOf(mergeComponents(model, inPlace)) !== digestOf(mergeComponents(model, [...inPlace, id]))
}

function accumulate(steps: readonly OrderedStep[]): number[] {
  let sum = 0
  return steps.map(({ effortMs }) => {
    sum += effortMs
    return sum
  })
}

/** From the platform as it was, with every mitigation that states a sprint and an effort. */
function findReordered(model: SystemModel, measure: (ids: readonly string[]) => number): Reordered[] {
  const sprints = [...new Set(model.mitigations.map(({ sprint }) => sprint))]
  const all = model.mitigations.filter(hasEffort).filter(({ id, sprint }) => sprint && changesSomething(model, [], id))
  const candidates: Candidate[] = all.map(({ id, effortMs }) => ({ id, effortMs }))
  const { steps } = orderMitigations(candidates, (chosen) => measure(chosen.flatMap((i) => candidates[i]?.id ?? [])))
  const order = steps.flatMap(({ ids }) => ids)
  const sprintOf = (id: string) => sprints.indexOf(model.mitigations.find((item) => item.id === id)?.sprint)
  return order.flatMap((id, i) => {
    const before = order.slice(i + 1).filter((later) => sprintOf(later) < sprintOf(id))
    return before.length === 0 ? [] : [{ id, place: i + 1, before }]
  })
}
