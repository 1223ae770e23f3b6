import { expect, it } from 'vitest'
import { auditBooks, type Books } from './audit.ts'

const done = {
  orderId: 'o',
  key: 'k',
  state: 'COMPLETED',
  fareIdr: 100,
  payment: 'PAID',
  charge: 'SUCCESS',
  dispatch: 'DROP_OFF',
  unheard: [],
} as const
const taxi = { reference: 'o', bbdId: 't1', state: 'COMPLETED' }
const charge = { reference: 'o', gateway: 'g', status: 'captured', capturedIdr: 100, refundedIdr: 0 }
const told = { key: 'k', kind: 'acknowledged', orderId: 'o' }
const fine: Books = { ledger: [told], orders: [done], taxis: [taxi], charges: [charge] }

it('a trip that was driven and charged once is accounted for', () => {
  expect(auditBooks(fine)).toMatchObject({ acknowledged: 1, completed: 1, violations: [], unsettled: [] })
})

it.each<[string, Partial<Books>]>([
  ['o was acknowledged and is not there', { orders: [], taxis: [], charges: [] }],
  ['o was charged 2 times', { charges: [charge, { ...charge, gateway: 'h' }] }],
  ['o was charged more than its fare', { charges: [{ ...charge, capturedIdr: 101 }] }],
  ['o is over and was not charged', { charges: [{ ...charge, capturedIdr: 0, status: 'voided' }] }],
  ['o is over and its taxi is EN_ROUTE', { orders: [{ ...done, dispatch: 'EN_ROUTE' }] }],
  ['o was driven more than once', { taxis: [taxi, { ...taxi, bbdId: 't2' }] }],
  ['k became several orders', { orders: [done, { ...done, orderId: 'p', state: 'ACTIVE' }] }],
  [
    'k is another order than its rider was told',
    {
      orders: [done],
      ledger: [
        { ...told, orderId: 'o' },
        { ...told, orderId: 'x' },
      ],
    },
  ],
])('it is a violation that %s', (violation, change) => {
  expect(auditBooks({ ...fine, ...change }).violations).toContain(violation)
})

const calledOff = {
  ...done,
  state: 'CANCELED',
  payment: 'CANCELED',
  charge: 'NOT_CHARGED',
  dispatch: 'CANCELED',
} as const

it.each<[string, Partial<Books>]>([
  [
    'o was called off and money is still held',
    { charges: [{ ...charge, status: 'authorised', capturedIdr: 0 }], taxis: [] },
  ],
  ['o was called off and its money is not given back', { taxis: [] }],
  [
    'o was called off (its dispatch: CANCELED) and has a taxi: DISPATCHED',
    { charges: [], taxis: [{ ...taxi, state: 'DISPATCHED' }] },
  ],
])('it may be on its way, and must not stay so, that %s', (problem, change) => {
  const audit = auditBooks({ ...fine, orders: [calledOff], ...change })
  expect(audit).toMatchObject({ violations: [], unsettled: [problem] })
})

it('an event that was written and did not arrive must not stay so, and is counted', () => {
  const audit = auditBooks({ ...fine, orders: [{ ...done, unheard: ['payment', 'dispatch'] }] })
  expect(audit).toMatchObject({ unheard: 2, violations: [] })
  expect(audit.unsettled).toEqual([
    'o has news (payment) that Order Detail has not heard',
    'o has news (dispatch) that Order Detail has not heard',
  ])
})

it('a taxi sent by hand and one of the partner are two', () => {
  const order = { ...done, state: 'ACTIVE', charge: 'NOT_CHARGED', dispatch: 'OFFLINE_DISPATCH' } as const
  const audit = auditBooks({ ...fine, orders: [order], taxis: [{ ...taxi, state: 'DISPATCHED' }], charges: [] })
  expect(audit.unsettled).toEqual(['o has 2 taxis'])
})

it('money given back is not charged', () => {
  const refunded = { ...charge, status: 'refunded', refundedIdr: 100 }
  expect(auditBooks({ ...fine, orders: [calledOff], taxis: [], charges: [refunded] })).toMatchObject({
    calledOff: 1,
    violations: [],
    unsettled: [],
  })
})

it('an order that waits for people is in progress', () => {
  const waiting = { ...done, state: 'ACTIVE', charge: 'NOT_CHARGED', dispatch: 'MANUAL_QUEUE' } as const
  expect(auditBooks({ ...fine, orders: [waiting], taxis: [], charges: [] })).toMatchObject({
    inProgress: 1,
    waitingForPeople: 1,
    violations: [],
  })
})
