import { drive, type Point } from '../road.ts'
import { pick, vary } from '../variety.ts'

export interface Driver {
  readonly name: string
  readonly phone: string
}

export interface Vehicle {
  readonly vehicleId: string
  readonly plate: string
  readonly kind: string
}

export interface Taxi {
  readonly driver: Driver
  readonly vehicle: Vehicle
}

const TAXIS = 120
const SHOWN_MAX = 8
const CENTRE: Point = { lat: -6.2, lng: 106.82 }
const SPREAD_DEGREES = 0.12
const ROUND_DEGREES = 0.004
const ROUND_MS = 10 * 60_000
const KINDS = ['Sedan', 'Sedan', 'MPV', 'Executive'] as const
const FIRST_NAMES = ['Agus', 'Budi', 'Dewi', 'Eko', 'Hendra', 'Joko', 'Rina', 'Slamet', 'Sri', 'Wahyu'] as const
const LAST_NAMES = ['Gunawan', 'Hidayat', 'Kurniawan', 'Lestari', 'Nugroho', 'Santoso', 'Saputra', 'Wibowo'] as const

const fleet = Array.from({ length: TAXIS }, (_, index) => makeTaxi(index))
const taxis = new Map(fleet.map((taxi) => [taxi.vehicle.vehicleId, taxi]))

/** A taxi for the order, always the same for the same seed. */
export function chooseTaxi(seed: string): Taxi {
  return fleet[Math.floor(vary(seed) * fleet.length)] ?? makeTaxi(0)
}

/** The taxis nearest to the place, with where they are now. */
export function findVehicles(near: Point, nowMs: number): (Vehicle & Point)[] {
  return fleet
    .map(({ vehicle }) => ({ ...vehicle, ...position(vehicle.vehicleId, nowMs) }))
    .map((vehicle) => ({ vehicle, distanceM: drive(near, vehicle).distanceM }))
    .sort((one, other) => one.distanceM - other.distanceM)
    .slice(0, SHOWN_MAX)
    .map(({ vehicle }) => vehicle)
}

export function locate(vehicleId: string, nowMs: number): Point | undefined {
  return taxis.has(vehicleId) ? position(vehicleId, nowMs) : undefined
}

/** Each taxi goes in a circle around its own corner of the town. */
function position(vehicleId: string, nowMs: number): Point {
  const angle = 2 * Math.PI * (vary(`${vehicleId} start`) + nowMs / ROUND_MS)
  const offset = (axis: string) => (vary(`${vehicleId} ${axis}`) - 0.5) * SPREAD_DEGREES
  return {
    lat: round(CENTRE.lat + offset('lat') + ROUND_DEGREES * Math.sin(angle)),
    lng: round(CENTRE.lng + offset('lng') + ROUND_DEGREES * Math.cos(angle)),
  }
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

function makeTaxi(index: number): Taxi {
  const vehicleId = `taxi-${String(index + 1).padStart(3, '0')}`
  const letter = (place: string) => String.fromCharCode(65 + Math.floor(vary(`${vehicleId} ${place}`) * 26))
  const name = `${pick(FIRST_NAMES, `${vehicleId} first`)} ${pick(LAST_NAMES, `${vehicleId} last`)}`
  return {
    driver: { name, phone: `+62812${String(7_000_000 + index)}` },
    vehicle: {
      vehicleId,
      plate: `B ${1_101 + index} ${letter('first')}${letter('second')}`,
      kind: pick(KINDS, `${vehicleId} kind`),
    },
  }
}
