import { ACTIONS, sayWhyNot } from './actions.js'
import { askNote, askRetryAll } from './dialogs.js'
import { fail, say } from './messages.js'
import { findSelected } from './screen.js'
import { STATES } from './words.js'

/** A claim that is needed is renewed that often while its dialog is open. */
const RENEW_MS = 60_000

/** Does what operators ask for, one thing at a time, and says what came of it. */
export function createPerformer(state, { refresh, onError, onOpen }) {
  let isBusy = false
  const doOne = async (work) => {
    if (isBusy || !state.api) return
    isBusy = true
    try {
      await work(state.api)
    } catch (error) {
      onError(error)
    } finally {
      isBusy = false
      refresh()
    }
  }
  return {
    /** The first of these actions that the selected order offers. */
    perform(names) {
      const me = state.api?.operator
      const order = findSelected(state)
      if (!order) return undefined
      const isOpening = names.includes('claim')
      if (isOpening) onOpen(order.orderId)
      const action = ACTIONS.find(({ name, isOffered }) => names.includes(name) && isOffered(order, me))
      if (action) return doOne((api) => run(action, order, { api, state }))
      const isHis = isOpening && (order.claimedBy === me || order.state === 'OFFLINE_DISPATCH')
      if (!isHis) fail(sayWhyNot(order, me))
      return undefined
    },
    addNote: () =>
      doOne((api) =>
        askNote(async ({ text }) => {
          await api.addNote(text)
          say('The note is left.')
        }),
      ),
    retryAll: () =>
      doOne((api) =>
        askRetryAll(state.view.bbd.breaker, async () => {
          const { count } = await api.retryAll()
          say(count === 1 ? '1 order is tried at BBD again.' : `${count} orders are tried at BBD again.`)
        }),
      ),
  }
}

async function run(action, order, { api, state }) {
  let renewing
  const act = async (name, body) => {
    const { order: after, warning } = await api.act(order.orderId, name, body)
    if (state.selected === after.orderId) state.order = after
    return { after, warning }
  }
  const claim = async () => {
    await act('claim')
    renewing = setInterval(() => act('claim').catch(() => undefined), RENEW_MS)
  }
  const actAndSay = async (name, body) => {
    const { after, warning } = await act(name, body)
    say(warning ?? action.done ?? `${after.rider.name}: ${STATES[after.state]}. ${after.reason ?? ''}`)
  }
  try {
    await action.run(order, { act: actAndSay, claim })
  } finally {
    clearInterval(renewing)
  }
}
