import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, chooseMitigations, type RiskOf } from './choose-mitigations.ts'

interface Case {
  readonly candidates: readonly Candidate[]
  readonly riskOf: RiskOf
  readonly budgetMs: number
}

/** The obvious version: every set that fits. */
function lookAtEverySet({ candidates, riskOf, budgetMs }: Case): { risk: number; effortMs: number } {
  let best = { risk: Number.POSITIVE_INFINITY, effortMs: 0 }
  for (let mask = 0; mask < 2 ** candidates.length; mask++) {
    const chosen = candidates.map((_, i) => i).filter((i) => (mask >> i) & 1)
    const effortMs = chosen.reduce((sum, i) => sum + (candidates[i]?.effortMs ?? 0), 0)
    const risk = riskOf(chosen)
    if (effortMs > budgetMs) continue
    if (risk < best.risk || (risk === best.risk && effortMs < best.effortMs)) best = { risk, effortMs }
  }
  return best
}

const efforts = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 })
/** A gain that all of a few candidates bring only together: guards that need each other, and doubled efforts that do not add up. */
const gain = fc.record({
  needs: fc.array(fc.nat(8), { maxLength: 3 }),
  isAnyEnough: fc.boolean(),
  size: fc.integer({ min: -1, max: 9 }),
})

function caseOf([efforts, gains, budgetMs, isHarmful]: [
  number[],
  { needs: number[]; isAnyEnough: boolean; size: number }[],
  number,
  boolean,
]): Case {
  const candidates = efforts.map((effortMs, i) => ({ id: `m${i}`, effortMs }))
  const isMet = ({ needs, isAnyEnough }: { needs: number[]; isAnyEnough: boolean }, chosen: readonly number[]) =>
    isAnyEnough ? needs.some((i) => chosen.includes(i)) : needs.every((i) => chosen.includes(i))
  const sizeOf = (size: number) => (isHarmful ? size : Math.abs(size))
  const riskOf: RiskOf = (chosen) =>
    100 - gains.filter((item) => isMet(item, chosen)).reduce((sum, { size }) => sum + sizeOf(size), 0)
  return { candidates, riskOf, budgetMs }
}

/** Harm comes from one candidate at a time: what only several do together is not always seen. */
const cases = (isHarmful: boolean) =>
  fc
    .tuple(
      efforts,
      fc.array(isHarmful ? gain.map((item) => ({ ...item, needs: item.needs.slice(0, 1) })) : gain, { maxLength: 8 }),
      fc.nat(30),
      fc.constant(isHarmful),
    )
    .map(caseOf)

describe('the choice', () => {
  it('leaves as little risk as any set within the budget, and takes no more effort than it must', () => {
    fc.assert(
      fc.property(cases(false), (given) => {
        const { risk, effortMs, riskAtLeast, isExact } = chooseMitigations(given.candidates, given.riskOf, given)
        expect({ risk, effortMs }).toEqual(lookAtEverySet(given))
        expect([riskAtLeast, isExact]).toEqual([risk, true])
      }),
      { numRuns: 300 },
    )
  })

  it('is still the best where one of few candidates makes things worse whatever else is done', () => {
    fc.assert(
      fc.property(cases(true), (given) => {
        const { risk, effortMs } = chooseMitigations(given.candidates, given.riskOf, given)
        expect({ risk, effortMs }).toEqual(lookAtEverySet(given))
      }),
      { numRuns: 300 },
    )
  })

  it('beyond the limit states a bound that holds', () => {
    fc.assert(
      fc.property(cases(false), (given) => {
        const limited = { budgetMs: given.budgetMs, exactMax: 0, evaluationsMax: 5 }
        const { risk, riskAtLeast, isExact } = chooseMitigations(given.candidates, given.riskOf, limited)
        const best = lookAtEverySet(given)
        expect(riskAtLeast).toBeLessThanOrEqual(best.risk)
        expect(risk).toBeGreaterThanOrEqual(best.risk)
        if (isExact) expect(risk).toBe(best.risk)
      }),
      { numRuns: 300 },
    )
  })
})
