import type { DispatchState } from '../../../contracts/states.ts'
import { Problem } from '../../../kernel/index.ts'
import type { DispatchRow } from '../tables.ts'

// What an action needs. Each throws a 409 with a sentence for the operator who came too late.

export function mustBeInQueue({ state }: DispatchRow): void {
  if (state === 'MANUAL_QUEUE') return
  throw new Problem(409, 'not-in-queue', { detail: `This order is not in the queue: ${STATES[state]}.` })
}

export function mustBeDispatchedByHand({ state }: DispatchRow): void {
  if (state === 'OFFLINE_DISPATCH') return
  throw new Problem(409, 'not-by-hand', { detail: `No taxi was assigned to this order here: ${STATES[state]}.` })
}

export function mustNotBeClaimedByOther(row: DispatchRow, operator: string): void {
  if (!isClaimed(row) || row.claimed_by === operator) return
  throw new Problem(409, 'claimed', { detail: `${row.claimed_by} has this order until ${clock(row.claimed_until)}.` })
}

export function mustBeHisClaim(row: DispatchRow, operator: string): void {
  mustNotBeClaimedByOther(row, operator)
  if (isClaimed(row)) return
  throw new Problem(409, 'not-claimed', { detail: 'Claim this order first; a claim ends after two minutes.' })
}

/** Nothing is done to an order while an instance is trying it at the partner. */
export function mustBeFree({ lease_until }: DispatchRow): void {
  if (lease_until === null || lease_until.getTime() <= Date.now()) return
  throw new Problem(409, 'being-tried', {
    detail: 'This order is being tried at BBD right now. See what comes of it; that takes some seconds.',
  })
}

function isClaimed({ claimed_until }: DispatchRow): boolean {
  return claimed_until !== null && claimed_until.getTime() > Date.now()
}

function clock(moment: Date | null): string {
  return moment?.toLocaleTimeString('en-GB', { timeZone: 'Asia/Jakarta' }) ?? ''
}

const STATES: Readonly<Record<DispatchState, string>> = {
  PENDING_DISPATCH: 'it is being sent to BBD',
  DISPATCH_UNKNOWN: 'BBD is being asked whether it has it',
  MANUAL_QUEUE: 'it waits in the queue',
  OFFLINE_DISPATCH: 'a taxi was assigned to it here',
  LOOKING_FOR_DRIVER: 'BBD has it and looks for a driver',
  EN_ROUTE: 'BBD has a taxi on the way',
  ON_TRIP: 'the trip has begun',
  DROP_OFF: 'the trip is over',
  NO_TAXI: 'BBD had no taxi for it',
  TAXI_NO_SHOW: 'the taxi or the rider did not come',
  CANCELED: 'it was called off',
  DISPATCH_FAILED: 'it could not be dispatched',
}
