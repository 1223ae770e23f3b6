// The desk: what is known, who is at it, and which order is selected. Start reading at `openDesk`.
import { createApi } from './api.js'
import { askWho } from './dialogs.js'
import { find } from './element.js'
import { listenToKeys, showKeys } from './keys.js'
import { fail, say, showLive } from './messages.js'
import { createPerformer } from './perform.js'
import { createRefresher } from './refresh.js'
import { createScreen, findSelected, listShown } from './screen.js'
import { follow } from './stream.js'
import { STATES } from './words.js'

const WHO = 'mrg-desk'

const state = {
  api: undefined,
  stream: undefined,
  view: { queue: [], active: [], depth: 0, bbd: { breaker: 'unknown', instances: [] } },
  selected: undefined,
  /** The selected order with its logs, as last read. */
  order: undefined,
  filter: '',
  /** How far this clock is behind the gateway's. */
  skewMs: 0,
}
const refresher = createRefresher(state, {
  onView: takeView,
  onOrder: () => screen.draw(),
  onShift: (shift) => screen.drawShift(shift),
  onError: handleError,
})
const performer = createPerformer(state, { refresh: refresher.refresh, onError: handleError, onOpen: open })
const screen = createScreen(state, { onSelect: select, onOpen: open, perform: performer.perform })
let place = 0

void openDesk()

async function openDesk() {
  find('help').addEventListener('click', showKeys)
  find('leave').addEventListener('click', leave)
  find('retry-all').addEventListener('click', performer.retryAll)
  find('add-note').addEventListener('click', performer.addNote)
  find('back').addEventListener('click', close)
  find('filter').addEventListener('input', takeFilter)
  const { perform, addNote, retryAll } = performer
  listenToKeys({ isOpen: () => state.api !== undefined, perform, addNote, retryAll, move, close, focusList })
  setInterval(screen.tick, 1_000)
  const known = JSON.parse(sessionStorage.getItem(WHO) ?? 'null')
  if (known) enter(createApi(known))
  else await signIn()
}

async function signIn() {
  await askWho(async (who) => {
    const api = createApi(who)
    await api.readQueue()
    sessionStorage.setItem(WHO, JSON.stringify(who))
    enter(api)
  })
  focusList()
}

function enter(api) {
  state.api = api
  find('me').textContent = api.operator
  state.stream = follow(api, { onChange: refresher.refresh, onState: showLive })
  void refresher.refresh()
}

function leave() {
  forget()
  location.reload()
}

function forget() {
  state.stream?.stop()
  state.api = undefined
  sessionStorage.removeItem(WHO)
}

function handleError(error) {
  fail(error.message)
  if (error.status !== 401) return
  forget()
  void signIn()
}

function takeView(view) {
  const before = findSelected(state)
  const known = new Set(state.view.queue.map(({ orderId }) => orderId))
  const fresh = view.queue.filter(({ orderId }) => !known.has(orderId)).length
  const isFirst = state.view.now === undefined
  state.view = view
  state.skewMs = Date.parse(view.now) - Date.now()
  if (state.selected === undefined) state.selected = listShown(state)[0]?.orderId
  else if (fresh > 0) say(fresh === 1 ? 'A new order waits.' : `${fresh} new orders wait.`)
  screen.draw()
  const after = findSelected(state)
  if (before && after && before.state !== after.state) say(`${after.rider.name}: ${STATES[after.state]}.`)
  if (isFirst) void refresher.readSelected()
  if (document.activeElement === document.body) focusList()
}

function select(orderId) {
  if (orderId === state.selected) return
  state.selected = orderId
  place = listShown(state).findIndex((order) => order.orderId === orderId)
  screen.draw()
  void refresher.readSelected()
}

/** Where there is no room for both, the order takes the place of the lists. */
function open(orderId) {
  select(orderId)
  document.body.dataset.view = 'order'
  focusList()
}

function close() {
  document.body.dataset.view = 'lists'
  focusList()
}

/** From an order that has left the lists, on to those that were next to it. */
function move(by) {
  const shown = listShown(state)
  const index = shown.findIndex(({ orderId }) => orderId === state.selected)
  const next = index < 0 ? place + Math.min(by, 0) : index + by
  const order = shown[Math.max(0, Math.min(next, shown.length - 1))]
  if (order) screen.rowOf(order.orderId)?.focus()
}

/** Never to another order than the selected one: the next key would be for it. */
function focusList() {
  const row = screen.rowOf(state.selected)
  if (row?.checkVisibility()) row.focus()
  else find('order').focus()
}

function takeFilter() {
  state.filter = find('filter').value.trim().toLowerCase()
  screen.draw()
}
