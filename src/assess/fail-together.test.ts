import { expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../model/index.ts'
import { failTogether } from './index.ts'

const model = modelOf(`flows: { buy: { entry: web } }
components:
  web: { kind: gateway, instances: 2, rollout: rolling, pool: private, health: { ready: /r }, depends-on: { shop: { strength: hard, guard: { deadline: 1s, breaker: true } } } }
  shop: { kind: service, instances: 2, rollout: rolling, health: { ready: /r } }
`)
const fall = (crash: number, hang: number) =>
  failTogether(model, [
    { component: 'shop', mode: 'crash', instances: crash },
    { component: 'shop', mode: 'hang', instances: hang },
  ]).down

it.each([
  ['one that crashed leaves the other', 1, 0, []],
  ['one that hangs leaves the other, for the balancer ejects it', 0, 1, []],
  ['both crashed', 2, 0, ['buy']],
  ['both hang', 0, 2, ['buy']],
  ['one crashed and the other hangs: none is left', 1, 1, ['buy']],
])('%s', (_, crash, hang, down) => expect(fall(crash, hang)).toEqual(down))

function modelOf(text: string): SystemModel {
  const { model: read, problems } = parseModel([{ file: 'system.yaml', text }])
  if (!read) throw new Error(JSON.stringify(problems))
  return read
}
