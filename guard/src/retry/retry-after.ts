interface WithHeaders {
  readonly headers?: unknown
  readonly response?: unknown
  readonly cause?: unknown
}

/**
 * The milliseconds a server asked to wait through `Retry-After`, in seconds or as a date, found on a response, or on
 * an error that carries one as `headers`, `response` or `cause`; undefined if it did not. A date is compared with the
 * response's own `Date`, so no wall clock is needed; without `Date` it is ignored.
 * Source: RFC 9110, 10.2.3.
 */
export function retryAfterMs(answer: unknown): number | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { headers, response, cause } = answer as WithHeaders
  const value = header(headers, 'retry-after')
  if (value !== undefined) return parse(value, header(headers, 'date'))
  for (const inner of [response, cause]) {
    const found = inner === answer ? undefined : fromInner(inner)
    if (found !== undefined) return found
  }
  return undefined
}

function fromInner(inner: unknown): number | undefined {
  if (typeof inner !== 'object' || inner === null) return undefined
  const { headers } = inner as WithHeaders
  const value = header(headers, 'retry-after')
  return value === undefined ? undefined : parse(value, header(headers, 'date'))
}

function parse(value: string, date: string | undefined): number | undefined {
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000
  const delayMs = Date.parse(value) - Date.parse(date ?? '')
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs)
}

/** From `Headers`, or from a plain object of lower-case names as Node's and undici's clients give. */
function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const { get } = headers as { get?: unknown }
  const value = typeof get === 'function' ? get.call(headers, name) : (headers as Record<string, unknown>)[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
