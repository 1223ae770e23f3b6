import * as z from 'zod'

export const point = z.object({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) })
export type Point = z.infer<typeof point>

/** A point in a query: `lat=-6.2&lng=106.8`. */
export const pointQuery = z.object({
  lat: z.coerce.number<string | undefined>().min(-90).max(90),
  lng: z.coerce.number<string | undefined>().min(-180).max(180),
})

const EARTH_RADIUS_M = 6_371_000
/** Roads are longer than the straight line, and Jakarta is slow. */
const DETOUR = 1.3
const SPEED_M_PER_S = 25_000 / 3_600
const BASE_IDR = 8_500
const PER_KM_IDR = 4_500
const ROUNDING_IDR = 500

/** How far and how long the drive is. */
export function drive(from: Point, to: Point): { distanceM: number; durationS: number } {
  const distanceM = Math.round(straightM(from, to) * DETOUR)
  return { distanceM, durationS: Math.round(distanceM / SPEED_M_PER_S) }
}

/** What the drive costs. */
export function fareIdr(distanceM: number): number {
  const exact = BASE_IDR + (PER_KM_IDR * distanceM) / 1_000
  return Math.round(exact / ROUNDING_IDR) * ROUNDING_IDR
}

/** Great-circle distance, by the haversine formula. */
function straightM(from: Point, to: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const halfLat = Math.sin(radians(to.lat - from.lat) / 2)
  const halfLng = Math.sin(radians(to.lng - from.lng) / 2)
  const chord = halfLat ** 2 + Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * halfLng ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)))
}
