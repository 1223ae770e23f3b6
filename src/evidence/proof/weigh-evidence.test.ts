import { describe, expect, it } from 'vitest'
import { assess } from '../../assess/index.ts'
import { parseModel, type SystemModel } from '../../model/index.ts'
import { type ClaimResult, climb, digestOfClaim, findRefuted, type KnownDrill, weighEvidence } from '../index.ts'
import { day, type SampleOptions, sampleDraft, sampleRecord } from '../testing/sample-record.ts'

const SHOP = `
flows: { buy: { entry: shop, objective: { availability: 0.999 } } }
components:
  shop:
    { kind: service, instances: 2, rollout: rolling, health: { ready: /r }, pool: private, depends-on: { bank: { strength: hard }, tax: { strength: hard }, db: { strength: hard } } }
  bank: { kind: external }
  tax: { kind: external, failure: { crash: { per-year: 1, repair: 1m }, hang: { per-year: 0 } } }
  db: { kind: database, instances: 2, runbook: "[[RUNBOOK-Db]]", failover: { mode: manual, loses: 1m } }
mitigations:
  bank-later: { title: Charge later, state: in-place, claims: ["fallback:shop>bank"], changes: { shop: { depends-on: { bank: { fallback: { name: later }, guard: { deadline: 1s, breaker: true } } } } } }
  tax-flat: { title: Flat tax, state: in-place, claims: ["fallback:shop>tax", "guard:shop>tax"], changes: { shop: { depends-on: { tax: { fallback: { name: flat }, guard: { deadline: 1s, breaker: true } } } } } }
  automatic: { title: Automatic failover, state: STATE, claims: ["failover:db"], changes: { db: { failover: { mode: automatic, takes: 30s, loses: 0s } } } }
`

function read(state: 'planned' | 'in-place'): SystemModel {
  const { model, problems } = parseModel([{ file: 'system.yaml', text: SHOP.replace('STATE', state) }])
  if (!model) throw new Error(JSON.stringify(problems))
  return model
}

const DRILLS: KnownDrill[] = [
  { name: 'tax-down', proves: ['fallback:shop>tax'] },
  { name: 'bank-down', proves: ['fallback:shop>bank', 'guard:shop>bank'] },
]
type Tried = [claim: string, result?: Partial<ClaimResult>, options?: SampleOptions & { tookMs?: number }]

function weigh(tried: readonly Tried[], { state = 'in-place' as 'planned' | 'in-place', asOf = 1 } = {}) {
  const model = read(state)
  const records = tried.map(([claim, result, options], i) => {
    const draft = sampleDraft({ claim, part: digestOfClaim(model, claim) ?? '', ...result }, options)
    const { digest, record } = sampleRecord({ ...draft, tookMs: options?.tookMs }, `${i}`)
    return { file: `${i}.json`, digest, record }
  })
  const proof = weighEvidence({ model, evidence: { records, damaged: [] }, drills: DRILLS, asOf: day(asOf) })
  return { model, proof }
}

const times = (...rtoMs: number[]) => ({ trials: rtoMs.map((ms) => ({ rtoMs: ms })) })

describe('what assess takes of evidence', () => {
  it('is the worst measured time of an automatic failover that is proved', () => {
    const { model, proof } = weigh([['failover:db', times(9_000, 21_000, 8_000, 9_000, 9_000)]])
    expect(proof.support.measured.failoverMs).toEqual(new Map([['db', 21_000]]))
    const db = assess(model, proof.support).proved.components.find(({ component }) => component.id === 'db')
    expect(db?.recovery.measuredMs).toBe(21_000)
  })

  it('is no time of an automatic failover while it is by hand', () => {
    const tried: Tried[] = [['failover:db', times(9_000, 9_000, 9_000, 9_000, 9_000)]]
    expect(weigh(tried, { state: 'planned' }).proof.support.measured).toEqual({})
  })

  it('is the time of the runbook while the failover is by hand', () => {
    const tried: Tried[] = [['runbook:RUNBOOK-Db', times(60_000, 90_000, 80_000)]]
    expect(weigh(tried, { state: 'planned' }).proof.support.measured.failoverMs).toEqual(new Map([['db', 90_000]]))
    expect(weigh(tried.concat([['failover:db', times(1, 1, 1, 1, 1)]])).proof.support.measured.failoverMs).toEqual(
      new Map([['db', 1]]),
    )
  })

  it('is no loss only where none was counted', () => {
    const five = (lost: number) => ({ trials: Array.from({ length: 5 }, () => ({ lost, acknowledged: 100 })) })
    const failover: Tried = ['failover:db', times(1, 1, 1, 1, 1)]
    expect(weigh([failover, ['rpo:db', five(0)]]).proof.support.measured.lossMs).toEqual(new Map([['db', 0]]))
    expect(weigh([failover, ['rpo:db', five(1)]]).proof.support.measured.lossMs).toBeUndefined()
  })
})

describe('the drills that are due', () => {
  it('come most valuable first, with what hangs on them', () => {
    const { due } = weigh([]).proof
    expect(due.map(({ drill }) => drill)).toEqual(['bank-down', 'tax-down'])
    expect(due[0]?.minutesAtStake).toBeGreaterThan(due[1]?.minutesAtStake ?? 0)
    expect(due.every(({ dueAt, isTimeAssumed }) => dueAt === day(1).toISOString() && isTimeAssumed)).toBe(true)
  })

  it('are worth less the longer they took', () => {
    const { due } = weigh([['fallback:shop>bank', {}, { drill: 'bank-down', tookMs: 1e9 }]]).proof
    expect(due.map(({ drill }) => drill)).toEqual(['tax-down', 'bank-down'])
  })

  it('carry half the stake when they try one of two open claims, and all of it when they try the last', () => {
    const stake = (tried: Tried[]) => weigh(tried).proof.due.find(({ drill }) => drill === 'tax-down')?.minutesAtStake
    expect(stake([['guard:shop>tax']])).toBeCloseTo(2 * (stake([]) ?? 0), 6)
  })

  it('are due again when the first of their claims expires', () => {
    const tried: Tried[] = [
      ['fallback:shop>bank', {}, { day: 0 }],
      ['guard:shop>bank', {}, { day: 0.5 }],
    ]
    const bank = weigh(tried).proof.due.find(({ drill }) => drill === 'bank-down')
    expect(bank?.dueAt).toBe(day(30).toISOString())
  })

  it('leave out claims that no drill tries: those are not drillable here', () => {
    const { notDrillable } = weigh([]).proof
    expect(notDrillable).toContain('failover:db')
    expect(notDrillable).not.toContain('guard:shop>bank')
  })
})

describe('what drills hold against the model', () => {
  const found = { code: 'undeclared-dependency', flow: 'buy', component: 'stars', message: 'buy failed without stars' }

  it('are refuted claims and undeclared dependencies', () => {
    const tried: Tried[] = [['fallback:shop>bank', { verdict: 'refuted' }, { findings: [found] }]]
    const { model, proof } = weigh(tried)
    const findings = findRefuted(proof, assess(model).claimed)
    expect(findings.map(({ code, at }) => [code, at])).toEqual([
      ['LP013', 'fallback:shop>bank'],
      ['LP014', 'stars'],
    ])
  })

  it('are gone when the same drill comes across them no more', () => {
    const tried: Tried[] = [
      ['fallback:shop>bank', {}, { findings: [found] }],
      ['fallback:shop>bank', {}, { day: 0.5 }],
    ]
    expect(weigh(tried).proof.findings).toEqual([])
  })
})

describe('rungs', () => {
  it('a guard proved by a drill stays declared while nobody looked at its code', () => {
    expect(climb({ claim: 'guard:a>b', verdict: 'supported' })).toEqual({
      rung: 'declared',
      unchecked: ['coded', 'wired'],
    })
    expect(climb({ claim: 'soft:a>b', verdict: 'supported' })).toEqual({ rung: 'proved', unchecked: [] })
    expect(climb({ claim: 'soft:a>b', verdict: 'refuted' })).toEqual({ rung: 'declared', unchecked: [] })
  })
})
