import { vary } from '../variety.ts'
import { chooseTaxi, type Taxi } from './fleet.ts'

export type TripState = 'CREATED' | 'DISPATCHED' | 'ARRIVED' | 'ENGAGED' | 'COMPLETED' | 'CANCELLED'

export interface PlannedStep {
  readonly state: TripState
  readonly afterMs: number
  readonly taxi: Taxi
}

export interface Paces {
  readonly acceptMs: number
  readonly stepMs: number
}

/**
 * How the trip will go if nobody interferes, always the same for the same seed: not a straight line, since one in
 * seven gets another driver after the first, and one in five never says that the taxi has arrived.
 */
export function planTrip(seed: string, { acceptMs, stepMs }: Paces): PlannedStep[] {
  const first = chooseTaxi(`${seed} taxi`)
  const isReassigned = vary(`${seed} re-assigned`) < 1 / 7
  const taxi = isReassigned ? chooseAnother(seed, first) : first
  const step = (state: TripState, paceMs: number): PlannedStep => ({
    state,
    afterMs: Math.round(paceMs * (0.5 + vary(`${seed} ${state} pace`))),
    taxi,
  })
  return [
    { ...step('DISPATCHED', acceptMs), taxi: first },
    ...(isReassigned ? [step('DISPATCHED', stepMs)] : []),
    ...(vary(`${seed} arrival`) < 1 / 5 ? [] : [step('ARRIVED', stepMs)]),
    step('ENGAGED', stepMs),
    step('COMPLETED', stepMs),
  ]
}

function chooseAnother(seed: string, first: Taxi): Taxi {
  for (let attempt = 1; ; attempt += 1) {
    const other = chooseTaxi(`${seed} taxi again ${attempt}`)
    if (other.vehicle.vehicleId !== first.vehicle.vehicleId) return other
  }
}
