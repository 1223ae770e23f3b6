// How the desk says things: service levels, ages, times, money.

/**
 * What is due for an order that has waited so long, in words; the number makes the colour. These are a proposal, to be
 * confirmed by operations: first touch in 60 s, a taxi in 3 min, a call to the rider at 5 min, cancel + void at 10 min.
 */
export const LEVELS = [
  { fromS: 600, level: 5, word: 'Offer cancel + void' },
  { fromS: 300, level: 4, word: 'Call the customer' },
  { fromS: 180, level: 3, word: 'Assign now' },
  { fromS: 60, level: 2, word: 'First touch due' },
]
/** After so long the platform calls an order off by itself. */
export const CALLED_OFF_S = 1800

export function describeLevel(order, ageS) {
  if (order.state === 'DISPATCH_UNKNOWN') return { level: 0, word: 'Asking BBD' }
  const isTouched = order.claimedBy !== null || order.heldNote !== null
  const due = LEVELS.find(({ fromS }) => ageS >= fromS)
  if (due && !(due.level === 2 && isTouched)) return due
  return isTouched ? { level: 1, word: 'In hand' } : { level: 1, word: 'New' }
}

/** `0:07`, `12:30`, `1:02:03`. */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Asia/Jakarta' })
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'Asia/Jakarta' })
const moneyFormat = new Intl.NumberFormat('id-ID')

export const clock = (moment) => clockFormat.format(new Date(moment))
/** With the day where it is not today's. */
export function time(moment, now = new Date()) {
  const day = dayFormat.format(new Date(moment))
  return day === dayFormat.format(now) ? clock(moment) : `${day} ${clock(moment)}`
}
export const rupiah = (amount) => `Rp ${moneyFormat.format(amount)}`

export const BREAKERS = {
  closed: 'BBD: called as usual',
  'half-open': 'BBD: being tried again',
  open: 'BBD: not called, breaker open',
  unknown: 'BBD: state unknown',
}

export const STATES = {
  PENDING_DISPATCH: 'Being sent to BBD',
  DISPATCH_UNKNOWN: 'BBD is being asked whether it has this order',
  MANUAL_QUEUE: 'Waits for a taxi',
  OFFLINE_DISPATCH: 'Dispatched by hand',
  LOOKING_FOR_DRIVER: 'BBD has it and looks for a driver',
  EN_ROUTE: 'BBD has a taxi on the way',
  ON_TRIP: 'On the trip',
  DROP_OFF: 'The trip is over',
  NO_TAXI: 'BBD had no taxi',
  TAXI_NO_SHOW: 'Did not come',
  CANCELED: 'Called off',
  DISPATCH_FAILED: 'Could not be dispatched',
}
