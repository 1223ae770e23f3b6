import { describe, expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../model/index.ts'
import { type Assessment, type AssessOptions, assess, type ComponentView, type View } from './index.ts'
import { coverWithFallbacks } from './measure/coverage.ts'

function run(text: string, options: AssessOptions = {}): Assessment {
  const { model, problems } = parseModel([{ file: 'm.yaml', text }])
  if (!model) throw new Error(JSON.stringify(problems))
  return assess(model as SystemModel, options)
}

function find(view: View, id: string): ComponentView {
  const found = view.components.find(({ component }) => component.id === id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

describe('measurements of drills', () => {
  const text = `
flows: { buy: { entry: db, objective: { rto: 5m, rpo: 0s } } }
components:
  db: { kind: database, instances: 2, failover: { mode: manual, loses: 1m }, failure: { crash: { per-year: 1, repair: 30m } } }
`
  it('count in the proved view, never in the claimed one', () => {
    const { claimed, proved } = run(text, { measured: { failoverMs: new Map([['db', 60_000]]) } })
    expect(find(claimed, 'db').spofKinds).toContain('slow-failover')
    expect(find(proved, 'db').spofKinds).not.toContain('slow-failover')
    expect(find(proved, 'db').recovery).toEqual({
      objectiveMs: 300_000,
      boundMs: 1_800_000,
      claimedMs: undefined,
      measuredMs: 60_000,
    })
  })

  it('of loss replace the bound', () => {
    const { claimed, proved } = run(text, { measured: { lossMs: new Map([['db', 0]]) } })
    expect([claimed, proved].map((view) => find(view, 'db').spofKinds.includes('data-loss'))).toEqual([true, false])
  })
})

describe('coverage', () => {
  it('of breakers counts hard dependencies of P0 and P1 callers on what is called over the network', () => {
    const { claimed } = run(`
components:
  a:
    kind: service
    tier: P0
    depends-on:
      guarded: { strength: hard, guard: { deadline: 1s, breaker: true } }
      timed: { strength: hard, guard: { deadline: 1s } }
      optional: { strength: soft }
      db: { strength: hard }
      group: { strength: hard, any-of: { left: { guard: { breaker: true } }, right: {} } }
  b: { kind: service, tier: P2, depends-on: { timed: { strength: hard } } }
  guarded: { kind: service }
  timed: { kind: external }
  optional: { kind: service }
  db: { kind: database }
  left: { kind: external }
  right: { kind: external }
`)
    expect(claimed.breakerCoverage).toEqual({ covered: ['a>guarded', 'a>left'], uncovered: ['a>timed', 'a>right'] })
  })

  it('of fallbacks counts the SPOFs of the platform as it was', () => {
    const { was, target } = run(`
flows: { buy: { entry: shop } }
components:
  shop: { kind: service, rollout: rolling, pool: private, depends-on: { bank: { strength: hard }, tax: { strength: hard } } }
  bank: { kind: external }
  tax: { kind: external }
mitigations:
  later: { title: Later, changes: { shop: { depends-on: { bank: { fallback: { name: charge-later } } } } } }
`)
    expect(coverWithFallbacks(was, target)).toEqual({ covered: ['bank'], uncovered: ['shop', 'tax'] })
  })
})

describe('importance', () => {
  // Two components in series, unavailable 0.1 and 0.2: U = 1 − 0.9 × 0.8 = 0.28. Worked by hand.
  const text = `
flows: { f: { entry: a } }
components:
  a: { kind: job, failure: { crash: { per-year: 876, repair: 1h } }, depends-on: { b: { strength: hard } } }
  b: { kind: job, failure: { crash: { per-year: 876, repair: 2h } } }
`
  it('is worked out as its formulas say', () => {
    const { claimed } = run(text)
    expect(claimed.flows[0]?.unavailability.upper).toBeCloseTo(0.28, 12)
    const importance = find(claimed, 'b').importance
    expect(importance?.birnbaum).toBeCloseTo(0.9, 12) // U(b down) − U(b perfect) = 1 − 0.1
    expect(importance?.fussellVesely).toBeCloseTo(1 - 0.1 / 0.28, 12)
    expect(importance?.raw).toBeCloseTo(1 / 0.28, 12)
    expect(importance?.rrw).toBeCloseTo(2.8, 12)
  })

  it('is left out on platforms above its limit', () => {
    expect(find(run(text, { limits: { importanceMax: 1 } }).claimed, 'b').importance).toBeUndefined()
  })
})

describe('risk', () => {
  it('is unknown, not zero, where no affected flow has a budget', () => {
    const { claimed } = run('flows: { f: { entry: a } }\ncomponents: { a: { kind: job }, b: { kind: job } }')
    expect(find(claimed, 'a').risk).toBeUndefined()
  })

  it('is that of the worst-hit flow', () => {
    const { claimed } = run(`
flows: { x: { entry: a, share: 0.5, objective: { availability: 0.999 } }, y: { entry: a, share: 0.5, objective: { availability: 0.9999 } } }
components: { a: { kind: job, failure: { crash: { per-year: 1, repair: 52m } } } }
`)
    expect(find(claimed, 'a').risk).toBeCloseTo(52 / 52.56, 9)
  })
})

describe('the same input', () => {
  it('gives the same output, byte for byte', () => {
    const text =
      'flows: { f: { entry: a } }\ncomponents: { a: { kind: service, depends-on: { b: {} } }, b: { kind: database } }'
    const write = () =>
      JSON.stringify(run(text).claimed.flows.map((flow) => [flow.spofs, flow.cutSets.list(), flow.unavailability]))
    expect(write()).toBe(write())
  })
})
