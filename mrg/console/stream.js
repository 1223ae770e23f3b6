/** The gateway says something at least every 15 s; silence for so long means that the line is dead. */
const SILENCE_MS = 40_000
const AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000]

/**
 * Calls `onChange` for each event of the desk, and `onState` with whether the line is up, until `stop` is called. The
 * stream is read with fetch because `EventSource` cannot send the token.
 */
export function follow(api, { onChange, onState }) {
  const stopping = new AbortController()
  const run = async () => {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      const began = performance.now()
      await readOnce(api, { onChange, onState, stopping: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      onState(false)
      if (performance.now() - began > SILENCE_MS) failures = 0
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)]))
    }
  }
  void run()
  return { stop: () => stopping.abort() }
}

async function readOnce(api, { onChange, onState, stopping }) {
  const silence = new AbortController()
  let timer
  const hear = () => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), SILENCE_MS)
  }
  try {
    hear()
    const response = await api.openStream(AbortSignal.any([stopping, silence.signal]))
    if (!response.ok) return
    onState(true)
    let text = ''
    for await (const part of readText(response.body)) {
      hear()
      const events = (text + part).split('\n\n')
      text = events.pop() ?? ''
      if (events.some((event) => event.startsWith('event: changed'))) onChange()
    }
  } finally {
    clearTimeout(timer)
  }
}

async function* readText(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
