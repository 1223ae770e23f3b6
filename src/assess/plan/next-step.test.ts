import { expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../../model/index.ts'
import { assess, suggestNextSteps } from '../index.ts'

function nextFor(component: string, text: string, supported: readonly string[] = []): string | undefined {
  const { model } = parseModel([{ file: 'm.yaml', text }])
  const assessment = assess(model as SystemModel, { supported: new Set(supported) })
  return suggestNextSteps(assessment, 'claimed').get(component)?.text
}

const platform = (mitigations: string) => `
flows: { buy: { entry: shop } }
components:
  shop: { kind: service, instances: 2, rollout: rolling, pool: private, health: { ready: /r }, depends-on: { bank: { strength: hard, guard: { deadline: 1s, breaker: true } } } }
  bank: { kind: external }
mitigations: { ${mitigations} }
`
const queue = (state: string) =>
  `queue: { title: Charge later, sprint: 2, state: ${state}, claims: ["fallback:shop>bank"], changes: { shop: { depends-on: { bank: { fallback: { name: later } } } } } }`

it('a SPOF gets the planned mitigation that concerns it', () => {
  expect(nextFor('bank', platform(queue('planned')))).toBe('Charge later (sprint 2)')
})

it('a mitigation in place that no drill has supported is to be proved', () => {
  expect(nextFor('bank', platform(queue('in-place')))).toBe('Prove: Charge later')
})

it('once it is supported, nothing is left to do', () => {
  const text = platform(queue('in-place'))
  expect(nextFor('bank', text, ['fallback:shop>bank'])).toBe('Nothing: no flow rests on it alone')
})

it('without a mitigation, the remedy for what makes it a SPOF', () => {
  expect(nextFor('bank', platform(''))).toBe('Find a second provider, or give its callers a fallback')
})

it('a SPOF by assumption is confirmed first', () => {
  const text =
    'flows: { f: { entry: a } }\ncomponents: { a: { kind: job, instances: 2, depends-on: { b: {} } }, b: { kind: job } }'
  expect(nextFor('b', text)).toBe('Confirm: is a>b really hard?')
})

it('a mitigation without claims can never be proved', () => {
  const { model } = parseModel([
    { file: 'm.yaml', text: platform(queue('in-place').replace('claims: ["fallback:shop>bank"], ', '')) },
  ])
  const { proved, claimed } = assess(model as SystemModel)
  expect([claimed.mitigations, proved.mitigations]).toEqual([['queue'], []])
})
