import { GuardError } from '../guard-error.ts'

/** An adapter's way to say that the connection broke after something may have been sent. */
export class BrokenConnectionError extends GuardError {
  override readonly name = 'BrokenConnectionError'
  override readonly code = 'CONNECTION_BROKEN'

  constructor(details: { dependency: string; cause: unknown }) {
    super(details.dependency, `the connection to ${details.dependency} broke`, { cause: details.cause })
  }
}

/**
 * The codes of Node's sockets and of undici for a connection that broke after it was made. Codes that say it never
 * was made (ECONNREFUSED, ENOTFOUND, UND_ERR_CONNECT_TIMEOUT) are not here: then nothing was sent.
 */
const brokenCodes = new Set([
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

/** What browsers say when a fetch fails; they do not tell whether the request was sent. */
const browserMessages = new Set(['Failed to fetch', 'Load failed', 'NetworkError when attempting to fetch resource.'])

/** Causes looked at, from the outside in. */
const depthMax = 5

/** True if `error`, or what caused it, is a connection that broke while the call may already have been sent. */
export function isBrokenConnection(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < depthMax && typeof current === 'object' && current !== null; depth++) {
    const { code, message, cause } = current as { code?: unknown; message?: unknown; cause?: unknown }
    if (typeof code === 'string' && brokenCodes.has(code)) return !isConnecting(current)
    if (current instanceof TypeError && cause === undefined && browserMessages.has(String(message))) return true
    current = cause
  }
  return false
}

/** A time-out of `connect` itself has the same code as one of an open socket. */
function isConnecting(error: object): boolean {
  return (error as { syscall?: unknown }).syscall === 'connect'
}
