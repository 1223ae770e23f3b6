import { expect, test } from 'vitest'
import { planTrip } from './trip.ts'

const paces = { acceptMs: 300, stepMs: 3_000 }
const plans = Array.from({ length: 2_000 }, (_, index) => planTrip(`order ${index}`, paces))
const waysOf = (trips: typeof plans) => trips.map((trip) => trip.map(({ state }) => state).join(' '))

test('the same reference always goes the same way', () => {
  expect(planTrip('order 7', paces)).toEqual(plans[7])
})

test('there are four ways: with another driver or not, with an arrival or not', () => {
  expect(new Set(waysOf(plans))).toEqual(
    new Set([
      'DISPATCHED ARRIVED ENGAGED COMPLETED',
      'DISPATCHED DISPATCHED ARRIVED ENGAGED COMPLETED',
      'DISPATCHED ENGAGED COMPLETED',
      'DISPATCHED DISPATCHED ENGAGED COMPLETED',
    ]),
  )
})

test('one in five says nothing of its arrival, and one in seven gets another driver', () => {
  const share = (part: string) => waysOf(plans).filter((way) => way.includes(part)).length / plans.length
  expect(share('DISPATCHED ENGAGED')).toBeCloseTo(1 / 5, 1)
  expect(share('DISPATCHED DISPATCHED')).toBeCloseTo(1 / 7, 1)
})

test('another driver is another one', () => {
  const reassigned = plans.filter(([, second]) => second?.state === 'DISPATCHED')
  for (const [first, second] of reassigned) expect(second?.taxi).not.toEqual(first?.taxi)
})

test('steps come at the pace that was set, give or take a half', () => {
  for (const [first, ...others] of plans) {
    expect(Math.abs((first?.afterMs ?? 0) - 300)).toBeLessThanOrEqual(150)
    for (const { afterMs } of others) expect(Math.abs(afterMs - 3_000)).toBeLessThanOrEqual(1_500)
  }
})
