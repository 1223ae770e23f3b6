import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountIdr } from '../../contracts/booking.ts'
import { estimateRoute, zoneTariffIdr } from './tariff.ts'
import { centreOf, straightLineM, zoneName, zoneOf } from './zone.ts'

const monas = { lat: -6.1754, lng: 106.8272 }
const blokM = { lat: -6.2443, lng: 106.7981 }
const airport = { lat: -6.1256, lng: 106.6558 }
/** Within Java: a taxi's world. */
const point = fc.record({
  lat: fc.double({ min: -8.8, max: -5.9, noNaN: true }),
  lng: fc.double({ min: 105, max: 114.6, noNaN: true }),
})

describe('zone', () => {
  it.each([
    [monas, '-124:2136'],
    [{ lat: 0, lng: 0 }, '0:0'],
    [{ lat: 0.15, lng: -0.001 }, '3:-1'],
  ])('a place lies in a cell of 0.05 degrees: %j', (place, expected) => {
    expect(zoneName(zoneOf(place))).toBe(expected)
  })

  it('the centre of a zone lies in it', () => {
    fc.assert(
      fc.property(point, (place) => {
        expect(zoneOf(centreOf(zoneOf(place)))).toEqual(zoneOf(place))
      }),
    )
  })

  it('a degree of latitude is about 111 km, and opposite points are half the earth apart', () => {
    expect(Math.round(straightLineM({ lat: 0, lng: 0 }, { lat: 1, lng: 0 }) / 1000)).toBe(111)
    expect(Math.round(straightLineM({ lat: 0, lng: 0 }, { lat: 0, lng: 180 }) / 1000)).toBe(20_015)
  })
})

describe('zone tariff', () => {
  it.each([
    ['within one zone', monas, monas, 26_000],
    ['to the next town quarter', monas, blokM, 73_000],
    ['to the airport', monas, airport, 147_000],
  ])('%s', (_where, from, to, expected) => {
    expect(zoneTariffIdr(zoneOf(from), zoneOf(to))).toBe(expected)
  })

  it('is a whole amount that a quote can carry, the same in both directions', () => {
    fc.assert(
      fc.property(point, point, (from, to) => {
        const fareIdr = zoneTariffIdr(zoneOf(from), zoneOf(to))
        expect(amountIdr.safeParse(fareIdr).success).toBe(true)
        expect(fareIdr).toBe(zoneTariffIdr(zoneOf(to), zoneOf(from)))
      }),
    )
  })

  it('the estimated route is never shorter than the straight line', () => {
    fc.assert(
      fc.property(point, point, (from, to) => {
        expect(estimateRoute(from, to).distanceM).toBeGreaterThanOrEqual(Math.floor(straightLineM(from, to)))
      }),
    )
  })
})
