import { find } from './element.js'

const SAID_MS = 6_000
const FAILED_MS = 20_000
let timer

/** Says what happened, on the page and to screen readers. */
export function say(sentence) {
  show({ said: sentence, failed: '' }, SAID_MS)
}

/** Says what went wrong, and at once. */
export function fail(sentence) {
  show({ said: '', failed: sentence }, FAILED_MS)
}

export function showLive(isLive) {
  find('live').textContent = isLive ? 'Live' : 'Connecting…'
  find('live').dataset.live = String(isLive)
}

function show({ said, failed }, forMs) {
  clearTimeout(timer)
  find('said').textContent = said
  find('failed').textContent = failed
  if (said || failed) timer = setTimeout(() => show({ said: '', failed: '' }, forMs), forMs)
}
