import { expect, it } from 'vitest'
import { assess } from '../../assess/index.ts'
import { parseModel } from '../../model/index.ts'
import type { LiveBreaker, LiveFeed, LivePart } from '../contract/live.ts'
import { describeLive, type Sight } from './describe-live.ts'

const TEXT = `
flows:
  buy: { entry: shop, share: 0.7, objective: { availability: 0.999 } }
  look: { entry: site, share: 0.3 }
components:
  shop: { kind: service, instances: 2, depends-on: { stock: { strength: hard } } }
  stock: { kind: service, runbook: "[[05/RUNBOOK-Stock-Down|when stock is down]]" }
  site: { kind: service }
`
const START = new Date('2026-01-01T03:00:00.000Z')

type Seen = Partial<Pick<Sight, 'breakers' | 'feeds' | 'alerts'>>

function look(parts: Record<string, string>, seen: Seen = {}, before?: ReturnType<typeof describeLive>) {
  const { model, problems } = parseModel([{ file: 'm.yaml', text: TEXT }])
  if (!model) throw new Error(JSON.stringify(problems))
  const shown = Object.entries(parts).map(
    ([name, state]): LivePart => ({
      name,
      component: name.split('.')[0] ?? '',
      state,
      faults: [],
      figures: {},
      pages: [],
    }),
  )
  const at = before ? new Date(START.getTime() + 60_000) : START
  return describeLive(
    assess(model),
    { at, lab: 'shop', parts: shown, breakers: [], feeds: [], alerts: [], ...seen },
    before,
  )
}
const brief = ({ down, hit, downShare }: ReturnType<typeof look>) => ({
  down: down.map(({ component, mode }) => `${component} ${mode}`),
  flowsDown: hit.filter(({ isDown }) => isDown).map(({ flow }) => flow),
  downShare,
})

it('a component is down when none of its instances is ready, and takes its flows with it', () => {
  expect(brief(look({ 'shop.1': 'ready', 'shop.2': 'ready', stock: 'dead', site: 'ready' }))).toEqual({
    down: ['stock crash'],
    flowsDown: ['buy'],
    downShare: 0.7,
  })
})

it('one instance of two that is dead takes nothing down', () => {
  expect(brief(look({ 'shop.1': 'dead', 'shop.2': 'ready', stock: 'ready' })).down).toEqual([])
})

it.each(['frozen', 'unready'])('a part that is %s hangs', (state) => {
  expect(brief(look({ stock: state })).down).toEqual(['stock hang'])
})

it('a component that every caller has given up on hangs, though it says that it is ready', () => {
  const breaker = (instance: string, state: string): LiveBreaker => ({ guard: 'shop>stock', instance, state })
  const parts = { 'shop.1': 'ready', 'shop.2': 'ready', stock: 'ready' }
  expect(brief(look(parts, { breakers: [breaker('shop.1', 'open'), breaker('shop.2', 'open')] })).down).toEqual([
    'stock hang',
  ])
  expect(brief(look(parts, { breakers: [breaker('shop.1', 'open'), breaker('shop.2', 'closed')] })).down).toEqual([])
})

it('an outage keeps the moment it was first seen, its runbook and the error budget it burns', () => {
  const first = look({ stock: 'dead' })
  const [outage] = look({ stock: 'dead' }, {}, first).down
  expect(outage).toMatchObject({ since: START.toISOString(), runbook: 'RUNBOOK-Stock-Down' })
  expect(outage?.burns.map(({ flow, budgetMinutes }) => [flow, Math.round(budgetMinutes)])).toEqual([['buy', 526]])
})

it('nothing is known of parts that the model does not have', () => {
  expect(brief(look({ riders: 'dead' })).down).toEqual([])
})

it('a feed that says so takes its component down; one that cannot tell, or only has trouble, does not', () => {
  const feed = (state: LiveFeed['state']): Seen => ({
    feeds: [{ name: 'warehouse', kind: 'http', component: 'stock', state, mode: 'hang', says: '', members: [] }],
  })
  expect(brief(look({}, feed('down')))).toEqual({ down: ['stock hang'], flowsDown: ['buy'], downShare: 0.7 })
  for (const state of ['trouble', 'unknown', 'fine'] as const) expect(brief(look({}, feed(state))).down).toEqual([])
})

it('an alert is about the last component it names that the model knows, and says what that takes down', () => {
  const alert = (components: string[]): Seen => ({
    alerts: [
      { id: '1', alert: 'Breaker', receivedAt: START.toISOString(), runbooks: ['RUNBOOK-Stock-Down'], components },
    ],
  })
  const about = (components: string[]) => look({}, alert(components)).alerts.map(({ title, down }) => [title, down])
  expect(about(['shop', 'stock'])).toEqual([['stock', 0.7]])
  expect(about(['shop', 'riders'])).toEqual([['shop', 0.7]])
  expect(about(['riders'])).toEqual([[undefined, undefined]])
})
