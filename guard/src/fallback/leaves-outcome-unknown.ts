/**
 * Codes of guards, of Node's sockets and of undici for a call that was cut off after it may have been sent. Codes that
 * say no connection was made (ECONNREFUSED, ENOTFOUND, UND_ERR_CONNECT_TIMEOUT) are not here: then nothing was sent.
 */
const codes = new Set([
  'DEADLINE',
  'CONNECTION_BROKEN',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

/** What a signal of the function's own, such as `AbortSignal.timeout`, leaves. */
const names = new Set(['TimeoutError', 'AbortError'])

/** What browsers say when a fetch fails; they do not tell whether the request was sent. */
const browserMessages = new Set(['Failed to fetch', 'Load failed', 'NetworkError when attempting to fetch resource.'])

/** Causes looked at, from the outside in. */
const depthMax = 5

/**
 * True if `error`, or what caused it, is a bound on time that passed or a connection that broke while the call may
 * already have been sent. An error that throws when looked at is neither.
 */
export function leavesOutcomeUnknown(error: unknown): boolean {
  try {
    return isCutOff(error)
  } catch {
    return false
  }
}

function isCutOff(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < depthMax && typeof current === 'object' && current !== null; depth++) {
    const { code, name, message, cause } = current as Record<string, unknown>
    if (typeof code === 'string' && codes.has(code)) return !isConnecting(current)
    if (typeof name === 'string' && names.has(name)) return true
    if (name === 'TypeError' && cause === undefined && browserMessages.has(String(message))) return true
    current = cause
  }
  return false
}

/** A time-out of `connect` itself has the same code as one of an open socket. */
function isConnecting(error: object): boolean {
  return (error as { syscall?: unknown }).syscall === 'connect'
}
