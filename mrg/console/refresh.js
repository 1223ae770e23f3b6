/** Changes may come many times a second; the desk is read again at most that often. */
const GAP_MS = 400
/** Read again without any news: a safety net under the stream, and the age of what instances say. */
const IDLE_MS = 15_000

/** Reads the desk again when asked to, one read at a time; a wish that comes meanwhile is granted after it. */
export function createRefresher(state, { onView, onOrder, onShift, onError }) {
  let isReading = false
  let isWanted = false
  let lastDeed
  const read = async (api) => {
    const { selected } = state
    const [view, order] = await Promise.all([api.readQueue(), selected && api.readOrder(selected)])
    if (state.api !== api) return
    if (order && selected === state.selected) state.order = order
    onView(view)
    if (view.lastDeed === lastDeed) return
    const [notes, audit] = await Promise.all([api.readNotes(), api.readAudit()])
    lastDeed = view.lastDeed
    onShift({ notes, audit })
  }
  const refresh = async () => {
    isWanted = true
    if (isReading) return
    isReading = true
    while (isWanted && state.api) {
      isWanted = false
      await read(state.api).catch(onError)
      await new Promise((resolve) => setTimeout(resolve, GAP_MS))
    }
    isReading = false
  }
  setInterval(refresh, IDLE_MS)
  return {
    refresh,
    /** The logs of an order that has just been selected. */
    async readSelected() {
      const { api, selected } = state
      const order = await api?.readOrder(selected).catch(onError)
      if (!order || selected !== state.selected) return
      state.order = order
      onOrder()
    },
  }
}
