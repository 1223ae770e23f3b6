import { describe, expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../../model/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import { judgeAsModelled } from './judge-as-modelled.ts'
import type { Observation } from './result.ts'

const model = modelOf(`flows: { buy: { entry: web } }
components:
  web: { kind: gateway, instances: 2, rollout: rolling, pool: private, health: { ready: /r }, depends-on: { shop: { strength: hard, guard: { deadline: 1s, breaker: true } } } }
  shop: { kind: service, instances: 2, rollout: rolling, health: { ready: /r } }
`)
const one = ['shop.1']
const both = ['shop.1', 'shop.2']

/** So many requests served of ten while these instances were killed, and ten more, all served, after the first undo. */
function judge(targets: readonly string[], served: number, change: { kind?: string; of?: number; flow?: string } = {}) {
  const { kind = 'kill', of = 2, flow = 'buy' } = change
  const plan = {
    claims: [],
    input: { load: { buyers: { flow } } },
    steps: [{ kind, fault: kind, targets }],
    lab: { instances: Array.from({ length: of }, (_, n) => ({ name: `shop.${n + 1}`, part: 'shop' })) },
  } as unknown as DrillPlan
  const sample = (atMs: number, outcome: string) => ({ load: 'buyers', atMs, tookMs: 10, outcome })
  const observation = {
    faultMs: 1_000,
    mendedMs: 4_000,
    events: [{ kind: 'undone', atMs: 3_000, text: '' }],
    samples: [
      ...Array.from({ length: 10 }, (_, n) => sample(1_100 + n, n < served ? 'ok' : 'failed')),
      ...Array.from({ length: 10 }, (_, n) => sample(3_100 + n, 'ok')),
    ],
  } as unknown as Observation
  return judgeAsModelled({ load: 'buyers', 'as-modelled': true }, { plan, observation, model })
}

describe('a flow that the model says is down', () => {
  it.each([
    [0, true],
    [1, true],
    [2, false],
    [10, false],
  ])('of which %i of ten requests are served: holds is %s', (served, holds) => {
    expect(judge(both, served)).toMatchObject({ text: 'buyers: buy is down, as modelled', flow: 'buy', holds })
  })
})

describe('a flow that the model says goes on', () => {
  it.each([
    [10, true],
    [9, true],
    [8, false],
  ])('of which %i of ten requests are served: holds is %s', (served, holds) => {
    expect(judge(one, served)).toMatchObject({ text: 'buyers: buy is served, as modelled', holds })
  })
})

describe('what cannot be told', () => {
  it('is a fault that may be a crash and a hang', () =>
    expect(judge(both, 0, { kind: 'disk-full' })).toMatchObject({
      holds: undefined,
      found: 'unknown: disk-full may be a crash and a hang',
    }))
  it('is one instance of a part that the lab runs in another number than the model', () =>
    expect(judge(one, 0, { of: 3 })).toMatchObject({
      holds: undefined,
      found: 'unknown: the lab runs 3 of shop, and the model has 2',
    }))
  it('is a flow that the model does not have', () =>
    expect(judge(one, 0, { flow: 'sell' })).toMatchObject({
      holds: undefined,
      found: 'unknown: the model has no flow "sell"',
    }))
})

function modelOf(text: string): SystemModel {
  const { model: read, problems } = parseModel([{ file: 'system.yaml', text }])
  if (!read) throw new Error(JSON.stringify(problems))
  return read
}
