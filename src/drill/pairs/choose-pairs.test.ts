import { expect, it } from 'vitest'
import type { LabPlan } from '../../lab/index.ts'
import { parseModel, type SystemModel } from '../../model/index.ts'
import { choosePairs, type Pair } from './choose-pairs.ts'

const service = 'kind: service, instances: 2, rollout: rolling, pool: private, health: { ready: /r }'
const call = 'strength: hard, guard: { deadline: 1s, breaker: true }'
const model = modelOf(`flows: { buy: { entry: web } }
components:
  web: { ${service}, depends-on: { shop: { ${call} }, stars: { strength: soft, guard: { deadline: 1s, breaker: true } } } }
  shop: { ${service} }
  stars: { ${service} }
  lonely: { kind: service }
`)
const lab = {
  instances: ['shop', 'stars', 'lonely'].flatMap((part) => [1, 2].map((n) => ({ name: `${part}.${n}`, part }))),
} as unknown as LabPlan
const wishes = { parts: ['shop', 'stars', 'lonely'], names: {}, flows: ['buy'], count: 8, seed: 1 }
const write = ({ first, second }: Pair) =>
  [first, second].map(({ fault, target }) => `${fault} ${target.replace(/\.\d/, '')}`).sort()
const isDown = ({ predicted }: Pair) => predicted.get('buy') === 'down'

it('takes down what two instances of one part take down, crashed or hung', () => {
  expect(choosePairs(model, lab, wishes).filter(isDown).map(write).sort()).toEqual([
    ['freeze shop', 'freeze shop'],
    ['freeze shop', 'kill shop'],
    ['kill shop', 'kill shop'],
  ])
})

it('fills up with pairs that the flow outlives, no two of the same kind', () => {
  const served = choosePairs(model, lab, wishes).filter((pair) => !isDown(pair))
  expect(served).toHaveLength(5)
  expect(new Set(served.map((pair) => write(pair).join('+'))).size).toBe(5)
})

it('leaves out parts of which lab and model have another number', () => {
  const pairs = choosePairs(model, lab, { ...wishes, count: 100 })
  expect(pairs.some((pair) => write(pair).join().includes('lonely'))).toBe(false)
})

it('draws the same pairs for the same seed, and others for another', () => {
  const draw = (seed: number) => choosePairs(model, lab, { ...wishes, seed }).map(write)
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
})

function modelOf(text: string): SystemModel {
  const { model: read, problems } = parseModel([{ file: 'system.yaml', text }])
  if (!read) throw new Error(JSON.stringify(problems))
  return read
}
