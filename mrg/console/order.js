import { element } from './element.js'
import { age, CALLED_OFF_S, clock, LEVELS, rupiah, STATES, time } from './words.js'

/** The head of the selected order: where it is from and to, who waits, and what to beware of. */
export function drawHead(order, { me }) {
  if (!order) return [element('p', { class: 'empty' }, 'Select an order with j and k or the arrow keys.')]
  return [
    element('h2', { id: 'order-title' }, order.pickup.address),
    element('p', { class: 'to' }, `to ${order.dropoff.address}`),
    element('p', { class: 'state', 'data-state': order.state }, STATES[order.state] ?? order.state),
    order.claimedBy !== null &&
      order.claimedBy !== me &&
      element('p', { class: 'banner other' }, `${order.claimedBy} has this order until ${clock(order.claimedUntil)}.`),
    order.claimedBy === me &&
      element('p', { class: 'banner mine' }, `You have this order until ${clock(order.claimedUntil)}.`),
    order.mayBeAtBbd && element('p', { class: 'banner warn' }, warning(order)),
    order.heldNote !== null && element('p', { class: 'banner held' }, `On hold: ${order.heldNote}`),
  ].filter(Boolean)
}

function warning({ state }) {
  return state === 'MANUAL_QUEUE'
    ? '⚠ May be at BBD: a try had no answer. You can assign a taxi; what BBD has is cancelled there later.'
    : '⚠ BBD may have this order too. What it has is cancelled there once it answers.'
}

export function drawBody(order) {
  if (!order) return []
  return [
    element('dl', { class: 'facts' }, listFacts(order)),
    order.state === 'MANUAL_QUEUE' && drawServiceClock(order),
    element('h3', {}, 'Tries at BBD'),
    drawLog(order.attemptLog, ({ at, ask, outcome }) => [time(at), ask, outcome], 'Not tried yet.'),
    element('h3', {}, 'What was done here'),
    drawLog(
      order.audit,
      ({ at, operator, action, detail }) => [time(at), operator, `${action} ${detail}`],
      'Nothing yet.',
    ),
  ].filter(Boolean)
}

function listFacts({ rider, fareIdr, orderedAt, queuedAt, driver, vehicle, reason, orderId }) {
  const facts = [
    ['Rider', rider.name],
    ['Phone', rider.phone],
    ['Fare', rupiah(fareIdr)],
    ['Ordered', time(orderedAt)],
    ['Here since', time(queuedAt)],
    ['Driver', driver && `${driver.name}, ${driver.phone}`],
    ['Taxi', vehicle && `${vehicle.plate}, ${vehicle.kind}`],
    ['Reason', reason],
    ['Order', orderId],
  ]
  return facts.filter(([, text]) => text).flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)])
}

/** What is due when; the rows are coloured as time passes (`tickServiceClock`). */
function drawServiceClock({ queuedAt, orderedAt }) {
  const from = Date.parse(queuedAt)
  const steps = [...LEVELS].reverse().map(({ fromS, level, word }) => ({ at: from + fromS * 1000, level, word }))
  const end = { at: Date.parse(orderedAt) + CALLED_OFF_S * 1000, level: 5, word: 'Called off by itself' }
  const drawn = [...steps, end].map(({ at, level, word }) =>
    element('li', { 'data-at': at, 'data-level': level }, element('span', {}, word), element('span', { class: 'due' })),
  )
  return element('ol', { class: 'service', 'aria-label': 'Service level' }, drawn)
}

export function tickServiceClock(body, now) {
  for (const step of body.querySelectorAll('.service li')) {
    const leftS = (Number(step.dataset.at) - now) / 1000
    step.toggleAttribute('data-over', leftS <= 0)
    step.lastChild.textContent = leftS > 0 ? `in ${age(leftS)}` : `since ${age(-leftS)}`
  }
}

/** A list of moments: when, who or what, and the rest. */
export function drawLog(entries, describe, nothing) {
  if (entries.length === 0) return element('p', { class: 'empty' }, nothing)
  const drawn = entries.map((entry) => {
    const [at, who, what] = describe(entry)
    return element('li', {}, element('time', {}, at), element('b', {}, who), element('span', {}, what))
  })
  return element('ol', { class: 'entries' }, drawn)
}
