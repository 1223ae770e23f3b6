import { describe, expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../../model/index.ts'
import { formatProblem } from '../../source/index.ts'
import { runbookOf } from '../testing/fake-world.ts'
import { checkNames } from './check-names.ts'
import { findRunbooks, matchAlerts } from './find-runbook.ts'

const STEP = '```bash {step=look}\ntrue\n```\n'
const page = (name: string, components: string[], alerts: string[]) => ({ name, components, alerts })
const pages = [
  page('RUNBOOK-Shop', ['shop'], ['ComponentDown']),
  page('RUNBOOK-Bank', ['bank'], ['CircuitBreakerOpen', 'ComponentDown']),
]
const payload = (...alerts: object[]) => JSON.stringify({ version: '4', status: 'firing', receiver: 'x', alerts })
const names = (text: string) =>
  matchAlerts(text, pages).map(({ runbooks, by }) => [runbooks.map(({ name }) => name), by])

describe('the page for', () => {
  it('a component, an alert, or its own name', () => {
    expect(findRunbooks(pages, 'bank').map(({ name }) => name)).toEqual(['RUNBOOK-Bank'])
    expect(findRunbooks(pages, 'ComponentDown')).toHaveLength(2)
    expect(findRunbooks(pages, 'RUNBOOK-Shop')).toHaveLength(1)
    expect(findRunbooks(pages, 'nothing')).toEqual([])
  })

  it('what Alertmanager sends: its annotation first, then the alert about its component, then the component', () => {
    const labels = { alertname: 'CircuitBreakerOpen', component: 'shop', dependency: 'shop>bank' }
    expect(
      names(
        payload(
          { labels, annotations: { runbook: '[[05/RUNBOOK-Shop|the shop]]' } },
          { labels, annotations: { runbook: 'https://wiki.example/RUNBOOK-Gone.md' } },
          { labels: { alertname: 'Other', component: 'shop' } },
          { labels: { alertname: 'Other' } },
        ),
      ),
    ).toEqual([
      [['RUNBOOK-Shop'], 'annotation'],
      [['RUNBOOK-Bank'], 'alert and component'],
      [['RUNBOOK-Shop'], 'component'],
      [[], 'nothing'],
    ])
  })

  it.each(['', 'null', '[]', '{"alerts":[]}', '{"alerts":[{}]}', '{"alerts":[{"labels":{"a":1}}]}'])(
    '%j is no payload',
    (text) => {
      expect(() => matchAlerts(text, pages)).toThrow('This is no payload of an Alertmanager webhook')
    },
  )
})

describe('what a page names', () => {
  const { model } = parseModel([
    {
      file: 'm.yaml',
      text: 'components:\n  shop: { kind: service, health: { live: /health }, depends-on: { bank: { strength: hard, guard: { deadline: 1s, breaker: true } } } }\n  bank: { kind: external }\n',
    },
  ])
  const check = (front: string) => checkNames(runbookOf(STEP, front), model as SystemModel).map(formatProblem)

  it('is in the model: its components, and alerts that are generated about them', () => {
    expect(check('component: shop\nalerts: [ComponentDown, CircuitBreakerOpen]\n')).toEqual([])
    expect(check('component: bank\nalerts: [CircuitBreakerOpen]\n')).toEqual([])
  })

  it('or is a problem with a place', () => {
    expect(check('component: shpo\n')).toEqual([
      'RUNBOOK-X.md:3:1 "shpo" is not a component of the model. Did you mean "shop"? Correct it.',
    ])
    expect(check('component: bank\nalerts: [ComponentDown]\n')).toEqual([
      'RUNBOOK-X.md:4:1 No generated rule about bank is called "ComponentDown". linchpin export alerts lists them.',
    ])
  })
})
