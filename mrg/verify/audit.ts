import type { ChargeState, DispatchState, OrderState, PaymentState } from '../contracts/states.ts'

/** What riders were told, what the services wrote down, and what the partner and the gateways have in their own books. */
export interface Books {
  /** By Idempotency-Key, as the riders kept it. */
  readonly ledger: readonly { readonly key: string; readonly kind: string; readonly orderId?: string | undefined }[]
  readonly orders: readonly {
    readonly orderId: string
    readonly key: string
    readonly state: OrderState
    readonly fareIdr: number
    readonly payment: PaymentState | null
    readonly charge: ChargeState | null
    readonly dispatch: DispatchState | null
    /** What is news no more, and Order Detail has not heard of: `order`, `payment`, `dispatch`. */
    readonly unheard: readonly string[]
  }[]
  readonly taxis: readonly { readonly reference: string; readonly bbdId: string; readonly state: string }[]
  readonly charges: readonly {
    readonly reference: string
    readonly gateway: string
    readonly status: string
    readonly capturedIdr: number
    readonly refundedIdr: number
  }[]
}

export interface Audit {
  readonly acknowledged: number
  /** Sent, and no clear answer came: there may be an order or not. */
  readonly uncertain: number
  /** Acknowledged, and not there. */
  readonly missing: number
  readonly doubled: number
  readonly completed: number
  readonly calledOff: number
  /** Not over yet: waiting for money, a taxi, a person at the desk, the end of the trip. */
  readonly inProgress: number
  readonly waitingForPeople: number
  /** Events that were written and have not arrived. */
  readonly unheard: number
  /** What must never be, now or later. */
  readonly violations: readonly string[]
  /** What must not stay so, and may be on its way: money about to be let go, a taxi about to be cancelled. */
  readonly unsettled: readonly string[]
}

/** Holds the books against each other, order by order. Pure. */
export function auditBooks(books: Books): Audit {
  const acknowledged = books.ledger.filter(({ kind }) => kind === 'acknowledged')
  const byId = new Map(books.orders.map((order) => [order.orderId, order]))
  const taxis = groupBy(books.taxis, ({ reference }) => reference)
  const charges = groupBy(books.charges, ({ reference }) => reference)
  const missing = acknowledged.filter(({ orderId }) => !orderId || !byId.has(orderId))
  const findings = books.orders.map((order) =>
    auditOrder(order, { taxis: taxis.get(order.orderId) ?? [], charges: charges.get(order.orderId) ?? [] }),
  )
  const strangers = [...taxis.keys(), ...charges.keys()].filter((reference) => !byId.has(reference))
  const doubled = findings.filter(({ isDoubled }) => isDoubled).length
  const count = (...states: OrderState[]) => books.orders.filter(({ state }) => states.includes(state)).length
  return {
    acknowledged: acknowledged.length,
    uncertain: books.ledger.filter(({ kind }) => kind === 'uncertain').length,
    missing: missing.length,
    doubled,
    completed: count('COMPLETED'),
    calledOff: count('CANCELED', 'FAILED'),
    inProgress: count('CREATED', 'ACTIVE'),
    waitingForPeople: books.orders.filter(({ dispatch }) => dispatch === 'MANUAL_QUEUE').length,
    unheard: books.orders.reduce((sum, { unheard }) => sum + unheard.length, 0),
    violations: [
      ...missing.map(({ key, orderId }) => `${orderId ?? key} was acknowledged and is not there`),
      ...findDoubleKeys(books),
      ...new Set(strangers.map((reference) => `${reference} has a taxi or money and is no order`)),
      ...findings.flatMap(({ violations }) => violations),
    ],
    unsettled: findings.flatMap(({ unsettled }) => unsettled),
  }
}

type BookedOrder = Books['orders'][number]
interface Outside {
  readonly taxis: Books['taxis']
  readonly charges: Books['charges']
}

function auditOrder(order: BookedOrder, { taxis, charges }: Outside) {
  const { orderId, state, fareIdr, dispatch, unheard } = order
  const liveTaxis =
    taxis.filter((taxi) => taxi.state !== 'CANCELLED').length + (dispatch === 'OFFLINE_DISPATCH' ? 1 : 0)
  const kept = charges.map(({ capturedIdr, refundedIdr }) => capturedIdr - refundedIdr)
  const charged = kept.filter((amount) => amount > 0).length
  const held = charges.filter(({ status }) => status === 'authorised' || status === 'pending').length
  const violations: string[] = []
  const unsettled = unheard.map((topic) => `${orderId} has news (${topic}) that Order Detail has not heard`)
  if (charged > 1) violations.push(`${orderId} was charged ${charged} times`)
  if (kept.some((amount) => amount > fareIdr)) violations.push(`${orderId} was charged more than its fare`)
  // A second one that is only on its way is cancelled as soon as the partner answers.
  if (liveTaxis > 1) unsettled.push(`${orderId} has ${liveTaxis} taxis`)
  if (state === 'COMPLETED') {
    if (charged === 0) violations.push(`${orderId} is over and was not charged`)
    if (held > 0) unsettled.push(`${orderId} is over and money is still held`)
    if (dispatch !== 'DROP_OFF') violations.push(`${orderId} is over and its taxi is ${dispatch ?? 'unknown'}`)
  }
  if (state === 'CANCELED' || state === 'FAILED') {
    if (charged > 0) unsettled.push(`${orderId} was called off and its money is not given back`)
    if (held > 0) unsettled.push(`${orderId} was called off and money is still held`)
    const taxi = taxis.find((one) => one.state !== 'CANCELLED')
    if (taxi)
      unsettled.push(`${orderId} was called off (its dispatch: ${dispatch ?? 'none'}) and has a taxi: ${taxi.state}`)
  }
  const isDoubled = charged > 1 || taxis.filter((taxi) => taxi.state === 'COMPLETED').length > 1
  if (taxis.filter((taxi) => taxi.state === 'COMPLETED').length > 1)
    violations.push(`${orderId} was driven more than once`)
  return { violations, unsettled, isDoubled }
}

/** One wish of a rider is one order. */
function findDoubleKeys({ ledger, orders }: Books): string[] {
  const byKey = groupBy(orders, ({ key }) => key)
  const told = new Map(ledger.flatMap(({ key, orderId }) => (orderId ? [[key, orderId] as const] : [])))
  const double = [...byKey].filter(([, same]) => same.length > 1).map(([key]) => `${key} became several orders`)
  const other = [...byKey]
    .filter(([key, [order]]) => told.has(key) && told.get(key) !== order?.orderId)
    .map(([key]) => `${key} is another order than its rider was told`)
  return [...double, ...other]
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
