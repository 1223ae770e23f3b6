import { element } from './element.js'
import { age, clock, describeLevel, rupiah } from './words.js'

/**
 * A list of orders that is brought up to date in place: a row stays the same element, so that focus, selection and the
 * reading position of a screen reader stay where they are.
 */
export function createList(box, { onSelect, onOpen, fillRow }) {
  const rows = new Map()
  const makeRow = (orderId) => {
    const row = element('div', { role: 'option', tabindex: '-1', id: `row-${orderId}`, class: 'row' })
    row.addEventListener('click', () => onOpen(orderId))
    row.addEventListener('focus', () => onSelect(orderId))
    return row
  }
  return {
    rowOf: (orderId) => rows.get(orderId),
    draw(orders, { selected, now, me }) {
      const wanted = new Set(orders.map(({ orderId }) => orderId))
      for (const [orderId, row] of rows) {
        if (wanted.has(orderId)) continue
        row.remove()
        rows.delete(orderId)
      }
      for (const [index, order] of orders.entries()) {
        const row = rows.get(order.orderId) ?? makeRow(order.orderId)
        rows.set(order.orderId, row)
        if (box.children[index] !== row) box.insertBefore(row, box.children[index] ?? null)
        const isSelected = order.orderId === selected
        row.setAttribute('aria-selected', String(isSelected))
        row.tabIndex = isSelected || (index === 0 && !wanted.has(selected)) ? 0 : -1
        fillRow(row, order, { now, me })
      }
      box.hidden = orders.length === 0
    },
  }
}

export function fillQueueRow(row, order, { now, me }) {
  const ageS = (now - Date.parse(order.queuedAt)) / 1000
  const { level, word } = describeLevel(order, ageS)
  row.dataset.level = level
  redraw(row, JSON.stringify([order, word, me]), () => [
    element('span', { class: 'age' }),
    element('span', { class: 'level' }, word),
    describeTrip(order),
    element('span', { class: 'flags' }, listFlags(order, me)),
  ])
  row.firstChild.textContent = age(ageS)
  const left = row.querySelector('[data-until]')
  if (left) left.textContent = age((Date.parse(left.dataset.until) - now) / 1000)
}

export function fillActiveRow(row, order, { me }) {
  redraw(row, JSON.stringify([order, me]), () => [
    element('span', { class: 'age' }, clock(order.changedAt)),
    element('span', { class: 'level' }, 'By hand'),
    describeTrip(order),
    element(
      'span',
      { class: 'flags' },
      element('span', { class: 'flag' }, order.driver?.name ?? ''),
      element('span', { class: 'flag plate' }, order.vehicle?.plate ?? ''),
      order.mayBeAtBbd && warnOfBbd(),
    ),
  ])
}

function describeTrip({ pickup, dropoff, rider, fareIdr }) {
  return element(
    'span',
    { class: 'trip' },
    element('span', { class: 'places' }, `${pickup.address} → ${dropoff.address}`),
    element('span', { class: 'who' }, `${rider.name} · ${rider.phone} · ${rupiah(fareIdr)}`),
  )
}

function listFlags(order, me) {
  const claim = order.claimedBy === me ? 'You have it' : `${order.claimedBy} has it`
  return [
    order.claimedBy !== null &&
      element(
        'span',
        { class: order.claimedBy === me ? 'flag mine' : 'flag other' },
        `${claim} `,
        element('span', { 'data-until': order.claimedUntil }),
      ),
    order.heldNote !== null && element('span', { class: 'flag held' }, 'On hold'),
    order.mayBeAtBbd && warnOfBbd(),
    order.isBeingTried && element('span', { class: 'flag' }, 'Being tried'),
    order.attempts > 0 &&
      element('span', { class: 'tries' }, order.attempts === 1 ? '1 try' : `${order.attempts} tries`),
  ]
}

function warnOfBbd() {
  return element('span', { class: 'flag warn' }, '⚠ May be at BBD')
}

/** Draws again only what has changed: a list of hundreds ticks every second. */
function redraw(row, signature, draw) {
  if (row.drawn === signature) return
  row.drawn = signature
  row.replaceChildren(...draw())
}
