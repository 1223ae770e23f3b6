import type { Place } from '../../contracts/booking.ts'

/** A cell of a grid of 0.05 degrees, about 5.5 km wide in Indonesia, by its south-west corner in cells from 0, 0. */
export interface Zone {
  readonly row: number
  readonly column: number
}
type Point = Pick<Place, 'lat' | 'lng'>

const CELLS_PER_DEGREE = 20

export function zoneOf({ lat, lng }: Point): Zone {
  return { row: Math.floor(lat * CELLS_PER_DEGREE), column: Math.floor(lng * CELLS_PER_DEGREE) }
}

/** Its name in the database. */
export function zoneName({ row, column }: Zone): string {
  return `${row}:${column}`
}

export function centreOf({ row, column }: Zone): Point {
  return { lat: (row + 0.5) / CELLS_PER_DEGREE, lng: (column + 0.5) / CELLS_PER_DEGREE }
}

const EARTH_RADIUS_M = 6_371_000

/** Along the earth's surface, in metres (haversine). */
export function straightLineM(from: Point, to: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const halfLat = Math.sin(radians(to.lat - from.lat) / 2)
  const halfLng = Math.sin(radians(to.lng - from.lng) / 2)
  const chord = halfLat ** 2 + Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * halfLng ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)))
}
