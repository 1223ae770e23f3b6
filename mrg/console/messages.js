import { find } from './element.js'

const SHOWN_MS = 6_000
let timer

/** Says what happened, on the page and to screen readers. */
export function say(sentence) {
  find('failed').textContent = ''
  show('said', sentence)
}

/** Says what went wrong; it stays until something else is said. */
export function fail(sentence) {
  find('said').textContent = ''
  find('failed').textContent = sentence
}

export function showLive(isLive) {
  find('live').textContent = isLive ? 'Live' : 'Connecting…'
  find('live').dataset.live = String(isLive)
}

function show(id, sentence) {
  clearTimeout(timer)
  find(id).textContent = sentence
  timer = setTimeout(() => {
    find(id).textContent = ''
  }, SHOWN_MS)
}
