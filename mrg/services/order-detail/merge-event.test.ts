import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event, Topic } from '../../contracts/event.ts'
import { type Known, mergeEvent, nothingKnown } from './merge-event.ts'

const orderId = '5b0c9a52-6a67-4f0e-9d5f-3f5f7b2c1a10'
const place = { lat: -6.2, lng: 106.8, address: 'Jl. Thamrin 1' }
const order = { orderId, riderId: 'rider-1', state: 'ACTIVE', fareIdr: 50_000, isEstimate: false, pickup: place }
const rows: Record<Topic, object> = {
  order: { ...order, dropoff: place, reason: null, createdAt: '2026-01-01T00:00:00.000Z' },
  payment: { orderId, state: 'PAID', charge: 'NOT_CHARGED', amountIdr: 50_000, gateway: 'xendit' },
  dispatch: { orderId, state: 'EN_ROUTE', driver: null, vehicle: null, reason: null },
}

function eventOf(topic: Topic, version: number, atMs = version * 1000): Event {
  const data = { ...rows[topic], version, ...(topic === 'payment' ? {} : { reason: `of version ${version}` }) }
  return { topic, orderId, status: 'ANY', version, at: new Date(atMs).toISOString(), data }
}

function merge(events: readonly Event[]): Known {
  return events.reduce(mergeEvent, nothingKnown)
}

/** Events as services make them, and the same as they may arrive: all of them, some again, in any order. */
const deliveries = fc
  .uniqueArray(
    fc.record({
      topic: fc.constantFrom<Topic>('order', 'payment', 'dispatch'),
      version: fc.nat({ max: 12 }),
      atMs: fc.nat({ max: 60_000 }),
    }),
    { minLength: 1, maxLength: 25, selector: ({ topic, version }) => `${topic} ${version}` },
  )
  .map((made) => made.map(({ topic, version, atMs }) => eventOf(topic, version, atMs)))
  .chain((made) => {
    const withRepeats = fc.array(fc.constantFrom(...made), { maxLength: 15 }).map((again) => [...made, ...again])
    const arrived = withRepeats.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
    return fc.record({ made: fc.constant(made), arrived })
  })

describe('mergeEvent', () => {
  it('gives the same row for any order and repetition of the events', () => {
    fc.assert(
      fc.property(deliveries, ({ made, arrived }) => {
        expect(merge(arrived)).toEqual(merge(made))
      }),
    )
  })

  it('keeps the newest version of each topic, and the latest time of all', () => {
    fc.assert(
      fc.property(deliveries, ({ made, arrived }) => {
        const known = merge(arrived)
        for (const topic of ['order', 'payment', 'dispatch'] as const) {
          const versions = made.filter((event) => event.topic === topic).map(({ version }) => version)
          expect(known[topic]?.version).toBe(versions.length === 0 ? undefined : Math.max(...versions))
        }
        expect(known.updatedAt.getTime()).toBe(Math.max(...made.map(({ at }) => Date.parse(at))))
      }),
    )
  })

  it('takes news of payment and taxi that come before the order', () => {
    const early = merge([eventOf('dispatch', 3), eventOf('payment', 2)])
    expect(early).toMatchObject({ order: null, payment: { version: 2 }, dispatch: { version: 3 } })
    expect(mergeEvent(early, eventOf('order', 1))).toMatchObject({ order: { riderId: 'rider-1' } })
  })

  it('refuses an event whose data is something else', () => {
    expect(() => mergeEvent(nothingKnown, { ...eventOf('order', 1), data: { orderId } })).toThrow(/riderId/)
  })
})
