import { describe, expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../../model/index.ts'
import { planMitigations } from '../index.ts'

const DAY = 86_400_000

function plan(mitigations: string, budgetDays: number) {
  const text = `
flows: { buy: { entry: shop, share: 1 } }
components:
  shop: { kind: service, instances: 2, rollout: rolling, pool: private, health: { ready: /r }, depends-on: { bank: { strength: hard }, stars: { strength: hard } } }
  bank: { kind: external }
  stars: { kind: external, failure: { crash: { per-year: 1, repair: 1m } } }
mitigations: { ${mitigations} }`
  const { model, problems } = parseModel([{ file: 'm.yaml', text }])
  if (!model) throw new Error(problems[0]?.message)
  return planMitigations(model as SystemModel, { budgetMs: budgetDays * DAY })
}

const guarded = (target: string, effort: string, sprint: number) =>
  `${target}-later: { title: Later, sprint: ${sprint}, effort: ${effort}, changes: { shop: { depends-on: { ${target}: { guard: { deadline: 1s, breaker: true }, fallback: { name: later } } } } } }`
const BOTH = `${guarded('stars', '2d', 1)}, ${guarded('bank', '3d', 2)}`

describe('the plan', () => {
  it('takes what removes most risk and fits', () => {
    expect(plan(BOTH, 3).choice).toMatchObject({ chosen: ['bank-later'], effortMs: 3 * DAY, isExact: true })
    expect(plan(BOTH, 2).choice.chosen).toEqual(['stars-later'])
    expect(plan(BOTH, 5).steps.map(({ ids }) => ids)).toEqual([['bank-later'], ['stars-later']])
  })

  it('shows a curve that never rises', () => {
    const risks = plan(BOTH, 5).curve.map(({ risk }) => risk)
    expect(risks).toHaveLength(3)
    expect([...risks].sort((a, b) => b - a)).toEqual(risks)
  })

  it('leaves out what changes nothing, and what states no effort', () => {
    const { idle, unweighed, choice } = plan(`${BOTH}, talk: { title: Talk, effort: 1d }, wish: { title: Wish }`, 9)
    expect([idle, unweighed, choice.chosen]).toEqual([['talk'], ['wish'], ['stars-later', 'bank-later']])
  })

  it('says what the roadmap has in a later sprint than risk would', () => {
    expect(plan(BOTH, 5).reordered).toEqual([{ id: 'bank-later', place: 1, before: ['stars-later'] }])
    expect(plan(`${guarded('bank', '3d', 1)}, ${guarded('stars', '2d', 2)}`, 5).reordered).toEqual([])
  })

  it('has nothing to do where nothing is open', () => {
    expect(plan('', 5)).toMatchObject({ choice: { chosen: [], isExact: true }, steps: [], reordered: [] })
  })
})
