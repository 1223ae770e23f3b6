import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseModel } from '../../model/index.ts'
import { type ClaimResult, digestOfClaim, type Judgement, judgeClaims } from '../index.ts'
import { DAY_MS, day, sampleDraft, sampleRecord } from '../testing/sample-record.ts'

const { model } = parseModel([
  { file: 's.yaml', text: 'components: { db: { kind: database, runbook: "[[R]]" } }\nflows: { f: { entry: db } }' },
])
if (!model) throw new Error('the sample model is wrong')
const CLAIM = 'runbook:R'
const NEEDED = 3
const PART = digestOfClaim(model, CLAIM) ?? ''

interface Result {
  readonly day: number
  readonly environment: string
  readonly verdict: ClaimResult['verdict']
  readonly trialCount: number
  readonly fits: boolean
  readonly validForDays: number | undefined
}

/** Digests are given before anything is shuffled. */
type Stored = Result & { readonly digest: string }

const result: fc.Arbitrary<Result> = fc.record({
  day: fc.integer({ min: 0, max: 60 }),
  environment: fc.constantFrom('lab:embedded', 'staging'),
  verdict: fc.constantFrom('supported', 'supported', 'refuted', 'unknown'),
  trialCount: fc.integer({ min: 0, max: 3 }),
  fits: fc.boolean(),
  validForDays: fc.constantFrom(undefined, undefined, 5),
})

const stored = (maxLength: number): fc.Arbitrary<Stored[]> =>
  fc.array(result, { maxLength }).map((list) => list.map((item, i) => ({ ...item, digest: `${i}` })))

function judge(results: readonly Stored[], asOf: Date): Judgement | undefined {
  const records = results.map((item) => {
    const trials = Array.from({ length: item.trialCount }, () => ({}))
    const validForMs = item.validForDays === undefined ? {} : { validForMs: item.validForDays * DAY_MS }
    const part = item.fits ? PART : 'c'.repeat(64)
    const draft = sampleDraft({ claim: CLAIM, part, verdict: item.verdict, trials, ...validForMs }, item)
    return sampleRecord(draft, item.digest)
  })
  return judgeClaims({ model: model as NonNullable<typeof model>, records, asOf }).get(CLAIM)
}

/** Told as a story, one result after the other: slow and obvious. */
function tell(results: readonly Result[], asOfDay: number): Judgement['verdict'] {
  const verdicts = ['lab:embedded', 'staging'].map((environment) => {
    const past = results.filter((item) => item.fits && item.environment === environment && item.day <= asOfDay)
    let isRefuted = false
    let support: Result[] = []
    for (let today = 0; today <= 60; today++) {
      const todays = past.filter((item) => item.day === today)
      for (const item of todays.filter(({ verdict }) => verdict === 'supported')) {
        support.push(item)
        if (support.reduce((sum, { trialCount }) => sum + trialCount, 0) >= NEEDED) isRefuted = false
      }
      if (!todays.some(({ verdict }) => verdict === 'refuted')) continue
      isRefuted = true
      support = []
    }
    const living = support.filter((item) => item.day + (item.validForDays ?? 30) > asOfDay)
    if (isRefuted) return 'refuted'
    return living.reduce((sum, { trialCount }) => sum + trialCount, 0) >= NEEDED ? 'supported' : 'unknown'
  })
  return (['refuted', 'supported'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'unknown'
}

describe('the rules of verdicts', () => {
  it('agree with the story told day by day', () => {
    const property = fc.property(stored(12), fc.integer({ min: 0, max: 95 }), (results, asOf) => {
      expect(judge(results, day(asOf))?.verdict).toBe(tell(results, asOf))
    })
    return fc.assert(property, { numRuns: 3_000 })
  })

  it('do not depend on the order of the records', () => {
    const shuffled = stored(8).chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    const property = fc.property(shuffled, ([list, other]) => {
      const told = ({ records, reason, ...rest }: Judgement) => rest
      const [a, b] = [judge(list, day(60)), judge(other, day(60))]
      expect(a && told(a)).toEqual(b && told(b))
    })
    return fc.assert(property, { numRuns: 500 })
  })

  it('name the moment at which support ends', () => {
    const property = fc.property(stored(12), (results) => {
      const now = judge(results, day(60))
      expect(now?.expiresAt === undefined).toBe(now?.verdict !== 'supported')
      if (now?.verdict !== 'supported') return
      const end = Date.parse(now.expiresAt ?? '')
      expect(judge(results, new Date(end - 1))?.verdict).toBe('supported')
      expect(judge(results, new Date(end))?.verdict).toBe('unknown')
    })
    return fc.assert(property, { numRuns: 2_000 })
  })
})
