/** The states a thing may be in, and those it may go to from each. A state that leads nowhere is final. */
export interface Machine<State extends string> {
  readonly name: string
  readonly moves: Readonly<Record<State, readonly State[]>>
}

export type OrderState = 'CREATED' | 'ACTIVE' | 'COMPLETED' | 'CANCELED' | 'FAILED'

/** An order, as its rider thinks of it. CANCELED: not paid, or called off; FAILED: paid, and undone by the saga. */
export const orderMachine: Machine<OrderState> = {
  name: 'order',
  moves: {
    CREATED: ['ACTIVE', 'CANCELED', 'FAILED'],
    ACTIVE: ['COMPLETED', 'CANCELED', 'FAILED'],
    COMPLETED: [],
    CANCELED: [],
    FAILED: [],
  },
}

export type PaymentState =
  | 'REQUEST_PAYMENT_LINK'
  | 'WAITING_FOR_PAYMENT'
  | 'PAID'
  | 'CANCELED'
  | 'FAILED'
  | 'REQUEST_REFUND'
  | 'REFUND_SUCCESS'

/** The money of an order. PAID: a gateway holds it (pre-authorised) or has it (see the charge). CANCELED: never held, or let go. */
export const paymentMachine: Machine<PaymentState> = {
  name: 'payment',
  moves: {
    REQUEST_PAYMENT_LINK: ['WAITING_FOR_PAYMENT', 'PAID', 'FAILED', 'CANCELED'],
    WAITING_FOR_PAYMENT: ['PAID', 'FAILED', 'CANCELED'],
    PAID: ['CANCELED', 'REQUEST_REFUND'],
    CANCELED: [],
    FAILED: [],
    REQUEST_REFUND: ['REFUND_SUCCESS'],
    REFUND_SUCCESS: [],
  },
}

export type ChargeState = 'NOT_CHARGED' | 'CHARGING' | 'SUCCESS' | 'FAILED'

/** The capture of what is held. CHARGING: it was asked for, and the gateway has not confirmed it yet. */
export const chargeMachine: Machine<ChargeState> = {
  name: 'charge',
  moves: {
    NOT_CHARGED: ['CHARGING'],
    CHARGING: ['SUCCESS', 'FAILED'],
    SUCCESS: [],
    FAILED: ['CHARGING'],
  },
}

export type DispatchState =
  | 'PENDING_DISPATCH'
  | 'DISPATCH_UNKNOWN'
  | 'MANUAL_QUEUE'
  | 'OFFLINE_DISPATCH'
  | 'LOOKING_FOR_DRIVER'
  | 'EN_ROUTE'
  | 'ON_TRIP'
  | 'DROP_OFF'
  | 'NO_TAXI'
  | 'TAXI_NO_SHOW'
  | 'CANCELED'
  | 'DISPATCH_FAILED'

/**
 * The taxi of an order. DISPATCH_UNKNOWN: sent to the partner, and it may or may not have it; MANUAL_QUEUE: people
 * dispatch it; OFFLINE_DISPATCH: they have. Not a straight line: a driver may be re-assigned, and an event may be
 * missed, so later states can be reached from any earlier one.
 */
export const dispatchMachine: Machine<DispatchState> = {
  name: 'dispatch',
  moves: {
    PENDING_DISPATCH: [
      'DISPATCH_UNKNOWN',
      'LOOKING_FOR_DRIVER',
      'EN_ROUTE',
      'ON_TRIP',
      'DROP_OFF',
      'NO_TAXI',
      'MANUAL_QUEUE',
      'CANCELED',
      'DISPATCH_FAILED',
    ],
    DISPATCH_UNKNOWN: [
      'LOOKING_FOR_DRIVER',
      'EN_ROUTE',
      'ON_TRIP',
      'DROP_OFF',
      'NO_TAXI',
      'MANUAL_QUEUE',
      'PENDING_DISPATCH',
      'CANCELED',
      'DISPATCH_FAILED',
    ],
    MANUAL_QUEUE: [
      'OFFLINE_DISPATCH',
      'PENDING_DISPATCH',
      'DISPATCH_UNKNOWN',
      'LOOKING_FOR_DRIVER',
      'EN_ROUTE',
      'ON_TRIP',
      'DROP_OFF',
      'CANCELED',
      'DISPATCH_FAILED',
    ],
    OFFLINE_DISPATCH: ['DROP_OFF', 'CANCELED', 'TAXI_NO_SHOW', 'MANUAL_QUEUE'],
    LOOKING_FOR_DRIVER: [
      'EN_ROUTE',
      'ON_TRIP',
      'DROP_OFF',
      'NO_TAXI',
      'TAXI_NO_SHOW',
      'MANUAL_QUEUE',
      'CANCELED',
      'DISPATCH_FAILED',
    ],
    EN_ROUTE: ['LOOKING_FOR_DRIVER', 'ON_TRIP', 'DROP_OFF', 'NO_TAXI', 'TAXI_NO_SHOW', 'CANCELED'],
    ON_TRIP: ['DROP_OFF', 'CANCELED'],
    DROP_OFF: [],
    NO_TAXI: [],
    TAXI_NO_SHOW: [],
    CANCELED: [],
    DISPATCH_FAILED: [],
  },
}

/** Whether the machine allows the step. Staying where one is is no step. */
export function mayMove<State extends string>(machine: Machine<State>, from: State, to: State): boolean {
  return machine.moves[from].includes(to)
}

export function isFinal<State extends string>(machine: Machine<State>, state: State): boolean {
  return machine.moves[state].length === 0
}
