import { describe, expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../../model/index.ts'
import { type ClaimResult, digestOfClaim, judgeClaims } from '../index.ts'
import { day, type SampleOptions, sampleDraft, sampleRecord } from '../testing/sample-record.ts'

const SHOP = `
flows: { buy: { entry: shop } }
components:
  shop: { kind: service, instances: 2, runbook: "[[RUNBOOK-Shop]]", depends-on: { stars: { strength: soft, guard: { deadline: 1s, breaker: true } } } }
  stars: { kind: service }
  db: { kind: database, instances: 2, failover: { mode: manual, loses: 0s } }
mitigations:
  automatic: { title: Automatic, claims: ["failover:db"], changes: { db: { failover: { mode: automatic, takes: 30s } } } }
`
const GUARD = 'guard:shop>stars'

function read(text: string): SystemModel {
  const { model, problems } = parseModel([{ file: 'system.yaml', text }])
  if (!model) throw new Error(JSON.stringify(problems))
  return model
}

type Tried = [result: Partial<ClaimResult>, options?: SampleOptions]

/** The judgement of one claim after these results, on the 10th day unless another is asked for. */
function judge(claim: string, tried: readonly Tried[], { text = SHOP, asOf = 10 } = {}) {
  const part = digestOfClaim(read(SHOP), claim) ?? ''
  const records = tried.map(([result, options], i) =>
    sampleRecord(sampleDraft({ claim, part, ...result }, options), `${i}`),
  )
  const judgement = judgeClaims({ model: read(text), records, asOf: day(asOf) }).get(claim)
  if (!judgement) throw new Error(`no judgement of ${claim}`)
  return judgement
}

describe('a verdict', () => {
  it('is unknown without data', () =>
    expect(judge(GUARD, [])).toMatchObject({ verdict: 'unknown', reason: 'no drill has tried it', trials: 0 }))

  it('needs one trial of a mechanism', () =>
    expect(judge(GUARD, [[{}]])).toMatchObject({
      verdict: 'supported',
      environment: 'lab:embedded',
      at: day(0).toISOString(),
      trials: 1,
      records: ['0'],
    }))

  it('needs three trials of a time, which may come from several records', () => {
    const times = [4_000, 9_000, 5_000].map((rtoMs): Tried => [{ trials: [{ rtoMs }] }])
    expect(judge('runbook:RUNBOOK-Shop', times.slice(1))).toMatchObject({
      verdict: 'unknown',
      reason: '2 of 3 trials support it; 1 more needed',
    })
    expect(judge('runbook:RUNBOOK-Shop', times)).toMatchObject({
      verdict: 'supported',
      spread: { rtoMs: { min: 4_000, median: 5_000, max: 9_000 } },
    })
  })

  it('needs five of a loss, and says what no loss in five is worth', () => {
    const trials = Array.from({ length: 5 }, () => ({ lost: 0, acknowledged: 400 }))
    expect(judge('rpo:db', [[{ trials: trials.slice(1) }]]).verdict).toBe('unknown')
    expect(judge('rpo:db', [[{ trials }]])).toMatchObject({ verdict: 'supported', lossAtMost: 3 / 5 })
  })

  it('needs five of a failover that nobody watches', () =>
    expect(judge('failover:db', [])).toMatchObject({ trialsNeeded: 5 }))

  it('does not add up trials of different environments', () => {
    const two = { trials: [{}, {}] }
    const tried: Tried[] = [[two], [two, { environment: 'staging' }]]
    expect(judge('runbook:RUNBOOK-Shop', tried)).toMatchObject({ verdict: 'unknown', trials: 2 })
  })

  it('is unknown when the drill could not tell', () =>
    expect(judge(GUARD, [[{ verdict: 'unknown', because: 'the fault missed' }]])).toMatchObject({
      verdict: 'unknown',
      reason: 'the drill could not tell: the fault missed',
    }))

  it('knows nothing of records that are later than the question', () =>
    expect(judge(GUARD, [[{}, { day: 11 }]]).verdict).toBe('unknown'))

  it('counts a copy of a record once', () => {
    const part = digestOfClaim(read(SHOP), 'rpo:db') ?? ''
    const record = sampleRecord(sampleDraft({ claim: 'rpo:db', part, trials: [{}, {}, {}] }), 'one')
    const judgements = judgeClaims({ model: read(SHOP), records: [record, record], asOf: day(1) })
    expect(judgements.get('rpo:db')).toMatchObject({ verdict: 'unknown', trials: 3 })
  })
})

describe('a refutation', () => {
  const refuted: Partial<ClaimResult> = { verdict: 'refuted', because: 'orders failed' }

  it('wins over support before it', () =>
    expect(judge(GUARD, [[{}], [refuted, { day: 1 }]])).toMatchObject({ verdict: 'refuted', reason: 'orders failed' }))

  it('wins over support of the same moment', () => expect(judge(GUARD, [[refuted], [{}]]).verdict).toBe('refuted'))

  it('ends with later support', () => expect(judge(GUARD, [[refuted], [{}, { day: 1 }]]).verdict).toBe('supported'))

  it('ends only when later support is enough: trials before it are void', () => {
    const earlier: Tried = [{ trials: [{}, {}, {}] }]
    const later = (day: number): Tried => [{}, { day }]
    const claim = 'runbook:RUNBOOK-Shop'
    expect(judge(claim, [earlier, [refuted, { day: 1 }], later(2), later(3)]).verdict).toBe('refuted')
    expect(judge(claim, [earlier, [refuted, { day: 1 }], later(2), later(3), later(4)]).verdict).toBe('supported')
  })

  it('of one environment is not outweighed by another', () =>
    expect(
      judge(GUARD, [
        [refuted, { environment: 'production' }],
        [{}, { day: 1 }],
      ]),
    ).toMatchObject({
      verdict: 'refuted',
      environment: 'production',
    }))

  it('does not fade with time', () => expect(judge(GUARD, [[refuted]], { asOf: 400 }).verdict).toBe('refuted'))

  it('that was answered does not come back when the answer expires, and says the same whenever it is asked', () => {
    for (const asOf of [40, 41.5])
      expect(judge(GUARD, [[refuted], [{}, { day: 1 }]], { asOf })).toMatchObject({
        verdict: 'unknown',
        reason: `its evidence expired on ${day(31).toISOString().slice(0, 10)}`,
      })
  })
})

describe('support expires', () => {
  it('after 30 days', () => {
    expect(judge(GUARD, [[{}]], { asOf: 29.9 })).toMatchObject({
      verdict: 'supported',
      expiresAt: day(30).toISOString(),
    })
    expect(judge(GUARD, [[{}]], { asOf: 30 }).verdict).toBe('unknown')
  })

  it('after the time that the result states', () =>
    expect(judge(GUARD, [[{ validForMs: 3_600_000 }]], { asOf: 0.1 }).verdict).toBe('unknown'))

  it('when the trials that are left are too few', () => {
    const tried = [0, 1, 2, 3].map((day): Tried => [{}, { day }])
    expect(judge('runbook:RUNBOOK-Shop', tried).expiresAt).toBe(day(31).toISOString())
  })

  it('at once when its part of the model changes', () =>
    expect(judge(GUARD, [[{}]], { text: SHOP.replace('deadline: 1s', 'deadline: 2s') })).toMatchObject({
      verdict: 'unknown',
      reason: 'what the model says here changed since it was drilled',
    }))

  it('not when a title, a note or another part changes', () => {
    const text = SHOP.replace(
      'stars: { kind: service }',
      'stars: { kind: service, title: Stars, notes: Five of them. }',
    )
    expect(judge('redundancy:shop:1-of-2', [[{}]], { text }).verdict).toBe('supported')
    expect(judge(GUARD, [[{}]], { text: text.replace('instances: 2,', 'instances: 3,') }).verdict).toBe('supported')
  })
})

describe('the part that a claim rests on', () => {
  it('is that of the model with every mitigation', () => {
    const planned = read(SHOP)
    const changed = read(SHOP.replace('takes: 30s', 'takes: 60s'))
    expect(digestOfClaim(planned, 'failover:db')).not.toBe(digestOfClaim(changed, 'failover:db'))
    expect(digestOfClaim(planned, GUARD)).toBe(digestOfClaim(changed, GUARD))
  })

  it('is none when the model implies no such claim', () =>
    expect(digestOfClaim(read(SHOP), 'guard:stars>shop')).toBeUndefined())

  it('is both components of a runbook that both name', () => {
    const text = SHOP.replace('stars: { kind: service }', 'stars: { kind: service, runbook: "[[RUNBOOK-Shop]]" }')
    expect(digestOfClaim(read(text), 'runbook:RUNBOOK-Shop')).not.toBe(
      digestOfClaim(read(SHOP), 'runbook:RUNBOOK-Shop'),
    )
  })
})
