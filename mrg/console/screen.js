import { ACTIONS } from './actions.js'
import { element, find } from './element.js'
import { createList, fillActiveRow, fillQueueRow } from './list.js'
import { drawBody, drawHead, drawLog, tickServiceClock } from './order.js'
import { age, BREAKERS, clock, time } from './words.js'

/** Draws what the desk knows. `draw` after a change, `tick` each second. */
export function createScreen(state, { onSelect, onOpen, perform }) {
  const lists = {
    queue: createList(find('queue'), { onSelect, onOpen, fillRow: fillQueueRow }),
    active: createList(find('active'), { onSelect, onOpen, fillRow: fillActiveRow }),
  }
  const buttons = new Map(ACTIONS.map((action) => [action.name, makeButton(action, perform)]))
  find('actions').append(...buttons.values())
  // They scroll, so they have to be reachable by keyboard.
  for (const id of ['notes', 'audit']) find(id).tabIndex = 0
  const drawLists = () => {
    const shown = { selected: state.selected, now: now(state), me: state.api?.operator }
    for (const [name, list] of Object.entries(lists)) list.draw(filterOrders(state, state.view[name]), shown)
  }
  const tick = () => {
    drawLists()
    tickServiceClock(find('order-body'), now(state))
    drawFigures(state)
  }
  return {
    tick,
    draw() {
      drawLists()
      drawOrder(state, buttons)
      tick()
    },
    drawShift,
    rowOf: (orderId) => lists.queue.rowOf(orderId) ?? lists.active.rowOf(orderId),
  }
}

/** The selected order. The list may be newer than the logs: what both say is taken from the list. */
export function findSelected({ view, selected, order }) {
  const listed = [...view.queue, ...view.active].find(({ orderId }) => orderId === selected)
  const read = order?.orderId === selected ? order : undefined
  return listed || read ? { attemptLog: [], audit: [], ...read, ...listed } : undefined
}

export function listShown(state) {
  return [...filterOrders(state, state.view.queue), ...filterOrders(state, state.view.active)]
}

function filterOrders({ filter }, orders) {
  return filter === '' ? orders : orders.filter((order) => describeAll(order).toLowerCase().includes(filter))
}

function describeAll({ orderId, rider, pickup, dropoff, claimedBy, heldNote, driver, vehicle }) {
  const said = [rider.name, rider.phone, pickup.address, dropoff.address, claimedBy, heldNote, driver?.name]
  return [orderId, ...said, vehicle?.plate].join(' ')
}

const now = ({ skewMs }) => Date.now() + skewMs

function makeButton({ name, key, word, isDanger }, perform) {
  return element(
    'button',
    {
      type: 'button',
      'data-action': name,
      class: isDanger ? 'danger' : null,
      hidden: true,
      onclick: () => perform([name]),
    },
    `${word} `,
    element('kbd', {}, key),
  )
}

function drawOrder(state, buttons) {
  const me = state.api?.operator
  const order = findSelected(state)
  const signature = JSON.stringify([order && { ...order, ageS: 0 }, me])
  if (find('order').drawn === signature) return
  find('order').drawn = signature
  find('order').dataset.empty = String(!order)
  find('order-head').replaceChildren(...drawHead(order, { me }))
  find('order-body').replaceChildren(...drawBody(order))
  for (const { name, isOffered } of ACTIONS) buttons.get(name).hidden = !(order && isOffered(order, me))
  find('actions').hidden = [...buttons.values()].every(({ hidden }) => hidden)
}

function drawFigures(state) {
  const { view } = state
  const [oldest] = view.queue
  find('clock').textContent = `${clock(now(state))} WIB`
  const asked = view.queue.filter(({ state }) => state === 'DISPATCH_UNKNOWN').length
  const waiting = view.depth === 1 ? '1 waits' : `${view.depth} wait`
  find('depth').textContent = asked > 0 ? `${waiting} · BBD is asked about ${asked}` : waiting
  find('oldest').textContent = oldest ? `Oldest ${age((now(state) - Date.parse(oldest.queuedAt)) / 1000)}` : ''
  find('bbd').textContent = BREAKERS[view.bbd.breaker] ?? BREAKERS.unknown
  find('bbd').dataset.breaker = view.bbd.breaker
  find('bbd').title = view.bbd.instances.map(({ instance, breaker }) => `Instance ${instance}: ${breaker}`).join('\n')
  find('shown').textContent = countShown(state)
  find('active-count').textContent = view.active.length > 0 ? String(view.active.length) : ''
  find('queue-empty').hidden = !find('queue').hidden
  find('queue-empty').textContent = state.filter ? 'No order matches the filter.' : 'Nobody waits.'
  find('active-empty').hidden = !find('active').hidden
  document.title = view.depth > 0 ? `(${view.depth}) Dispatch desk` : 'Dispatch desk'
}

function countShown(state) {
  const { queue, depth } = state.view
  const shown = filterOrders(state, queue).length
  return shown < depth ? `${shown} of ${depth}` : String(shown)
}

function drawShift({ notes, audit }) {
  const describeDeed = ({ at, operator, action, orderId, detail }) => [
    time(at),
    operator,
    [action, orderId?.slice(0, 8), detail].filter(Boolean).join(' '),
  ]
  find('notes').replaceChildren(drawLog(notes, ({ at, operator, text }) => [time(at), operator, text], 'No notes yet.'))
  find('audit').replaceChildren(drawLog(audit, describeDeed, 'Nothing yet.'))
}
