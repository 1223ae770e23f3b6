import { describe, expect, it } from 'vitest'
import { parseModel } from '../../model/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { TrialResult } from '../run/result.ts'
import { compareBound } from './compare-bound.ts'

const text = `system: shop
flows: { buy: { share: 1, entry: db } }
components:
  db: { kind: database, instances: 3, failover: { mode: automatic, takes: 30s }, objective: { rto: 5m } }
`
const { model } = parseModel([{ file: 'shop.yaml', text }])
const trialOf = (rtoMs: number | undefined, boundMs?: number) =>
  ({
    measured: rtoMs === undefined ? {} : { rtoMs },
    looks: { bound: [{ atMs: 0, value: boundMs, reason: undefined }] },
  }) as unknown as TrialResult
const planOf = (input: object) => ({ claims: ['rpo:db', 'failover:db'], input }) as unknown as DrillPlan

describe('what a failover may take, should take, and took', () => {
  it.each([
    [
      'all of it, the longest wait',
      { bound: { probe: 'bound' } },
      [trialOf(7_800, 8_600), trialOf(9_200, 8_600)],
      ['failover:db: bound 8.6 s · target 5 min · claimed 30 s · measured 9.2 s'],
    ],
    [
      'no bound where no probe says it',
      { bound: { probe: 'bound' } },
      [trialOf(7_800)],
      ['failover:db: target 5 min · claimed 30 s · measured 7.8 s'],
    ],
    [
      'no bound where the drill names none',
      {},
      [trialOf(7_800, 8_600)],
      ['failover:db: target 5 min · claimed 30 s · measured 7.8 s'],
    ],
    ['nothing where nothing was measured', {}, [trialOf(undefined)], []],
  ])('is told in a row: %s', (_what, input, trials, expected) => {
    expect(compareBound(trials, { plan: planOf(input), model })).toEqual(expected)
  })
})
