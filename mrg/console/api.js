// The gateway, as an operator talks to it.

/** What went wrong, in a sentence for people. */
class DeskError extends Error {
  constructor(status, sentence) {
    super(sentence)
    this.status = status
  }
}

const TIMEOUT_MS = 12_000

export function createApi({ operator, token }) {
  const headers = { authorization: `Bearer ${token}`, 'x-operator': operator }
  const call = async (method, path, body) => {
    const response = await fetch(path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(unreachable)
    const answer = await response.json().catch(() => ({}))
    if (!response.ok) throw new DeskError(response.status, answer.detail ?? `The gateway answers ${response.status}.`)
    return answer
  }
  return {
    operator,
    readQueue: () => call('GET', 'queue'),
    readOrder: (orderId) => call('GET', `orders/${orderId}`),
    readAudit: async () => (await call('GET', 'audit?limit=100')).audit,
    readNotes: async () => (await call('GET', 'notes?limit=50')).notes,
    addNote: (text) => call('POST', 'notes', { text }),
    retryAll: () => call('POST', 'retry-all'),
    act: (orderId, action, body) => call('POST', `orders/${orderId}/${action}`, body),
    openStream: (signal) => fetch('events', { headers, signal }),
  }
}

function unreachable() {
  throw new DeskError(0, 'The gateway cannot be reached. Nothing was done; try again.')
}
