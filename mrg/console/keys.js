import { ACTIONS } from './actions.js'
import { openDialog } from './dialogs.js'
import { element, find } from './element.js'

const KEYS = [
  ['j  ↓ / k  ↑', 'next / previous order'],
  ['Enter', 'claim the order and open it'],
  ['a', 'assign a taxi (claims it first)'],
  ['h', 'put on hold / take off hold'],
  ['r', 'retry at BBD (claims it first)'],
  ['u', 'release: give the claim back'],
  ['x', 'cancel with a reason'],
  ['c', 'complete a trip dispatched by hand'],
  ['s', 'no-show of a trip dispatched by hand'],
  ['n', 'leave a note for the next shift'],
  ['⇧ R', 'retry at BBD all that nobody has claimed or held'],
  ['/', 'filter'],
  ['Esc', 'leave the filter, a dialog, or an order'],
]

/** Hands each key to what it does, except where somebody types. */
export function listenToKeys(desk) {
  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }
  const others = {
    n: desk.addNote,
    R: desk.retryAll,
    '/': () => find('filter').focus(),
    '?': showKeys,
    Escape: desk.close,
  }
  document.addEventListener('keydown', (event) => {
    const { key, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || find('dialog').open || !desk.isOpen()) return
    if (target instanceof HTMLInputElement) return leaveFilter(event, desk)
    if (key === 'Enter' && target instanceof HTMLButtonElement) return
    if (event.repeat && !(key in moves)) return
    const names = ACTIONS.filter((action) => action.key === key).map(({ name }) => name)
    if (key in moves) desk.move(moves[key])
    else if (names.length > 0) desk.perform(names)
    else if (key in others) others[key]()
    else return
    event.preventDefault()
  })
}

function leaveFilter(event, desk) {
  if (event.key === 'Escape') event.target.value = ''
  else if (event.key !== 'Enter' && event.key !== 'ArrowDown') return
  event.preventDefault()
  event.target.dispatchEvent(new Event('input'))
  desk.focusList()
}

export function showKeys() {
  const content = element(
    'dl',
    { class: 'keys' },
    KEYS.flatMap(([keys, does]) => [element('dt', {}, element('kbd', {}, keys)), element('dd', {}, does)]),
  )
  return openDialog({ title: 'Keys', content, word: 'Close', hasBack: false, submit: () => undefined })
}
