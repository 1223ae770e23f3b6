import { STATUS_CODES } from 'node:http'

/** An answer that is no success, as problem+json (RFC 9457). Throw it anywhere below a route. */
export class Problem extends Error {
  readonly status: number
  /** Machine-readable, such as `order-not-found`. */
  readonly code: string
  readonly retryAfterMs: number | undefined

  constructor(status: number, code: string, options: { detail: string; retryAfterMs?: number; cause?: unknown }) {
    super(options.detail, { cause: options.cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.retryAfterMs = options.retryAfterMs
  }
}

export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
}

export function describeProblem({ status, code, message }: Problem): ProblemBody {
  const title = STATUS_CODES[status] ?? 'Error'
  return { type: `urn:mrg:problem:${code}`, title, status, code, detail: message }
}
