import { centreOf, straightLineM, type Zone } from './zone.ts'

const FLAG_FALL_IDR = 12_000
const PER_KM_IDR = 5_500
const ROUNDED_TO_IDR = 1_000
/** Streets are longer than the straight line by about so much. */
const DETOUR = 1.4
/** Two places in one zone are about so far apart. */
const WITHIN_ZONE_M = 2_500
/** About 25 km/h: a city's average with its traffic lights. */
const METRES_PER_SECOND = 7

/**
 * Whole rupiah for a ride between two zones, the same in both directions. It needs nothing but the zones, so it is
 * there when everything else is down; the last good price is nearer to the truth.
 */
export function zoneTariffIdr(from: Zone, to: Zone): number {
  const distanceM = Math.max(WITHIN_ZONE_M, straightLineM(centreOf(from), centreOf(to)) * DETOUR)
  const fareIdr = FLAG_FALL_IDR + (distanceM / 1000) * PER_KM_IDR
  return Math.ceil(fareIdr / ROUNDED_TO_IDR) * ROUNDED_TO_IDR
}

/** The way and the time by road, guessed from the straight line. */
export function estimateRoute(from: { lat: number; lng: number }, to: { lat: number; lng: number }) {
  const distanceM = Math.round(straightLineM(from, to) * DETOUR)
  return { distanceM, durationS: Math.round(distanceM / METRES_PER_SECOND) }
}
