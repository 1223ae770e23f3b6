import type { Guard, Judge } from '../index.ts'

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface GuardedFetchOptions {
  /** Default: the `fetch` of the platform. undici's own fits as well. */
  readonly fetch?: Fetch
}

/** Methods that do the same when repeated. Source: RFC 9110, 9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** Bytes of a body read ahead, so that a small body nobody reads does not look like one that hangs. */
const readAheadBytes = 1_048_576

/**
 * `fetch` through `guard`: the caller's signal, the deadline and the place in the bulkhead cover the body to its end,
 * and a body that breaks off or hangs is a failure of the dependency. A request is idempotent if its method is, or if it
 * carries an `Idempotency-Key`. Use `judgeHttp` in the guard's settings. Cancel a large body you do not read.
 */
export function guardedFetch(guard: Guard<unknown, Response>, options: GuardedFetchOptions = {}): Fetch {
  const send: Fetch = options.fetch ?? ((input, init) => fetch(input, init))
  return (input, init) => {
    const caller = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    return guard.run(
      async (call) => {
        const attempted = input instanceof Request ? input.clone() : input
        const response = await send(attempted, { ...init, signal: call.signal })
        return watchBody(response, (ended) => call.until(ended))
      },
      { input: { input, init }, idempotent: isIdempotent(input, init), signal: caller },
    )
  }
}

/** Answers of 500 and more, and 429, are failures; other answers of 400 and more say nothing about the dependency. */
export const judgeHttp: Judge = {
  result: (result) => {
    const { status } = result as { status: number }
    if (status >= 500 || status === 429) return 'failure'
    return status >= 400 ? 'ignore' : 'success'
  },
}

function isIdempotent(input: string | URL | Request, init: RequestInit | undefined): boolean {
  const request = input instanceof Request ? input : undefined
  const method = init?.method ?? request?.method ?? 'GET'
  const headers = new Headers(init?.headers ?? request?.headers)
  return idempotentMethods.has(method.toUpperCase()) || headers.has('idempotency-key')
}

/** The same response with a body that tells when it has ended: read to the end, cancelled, or broken off. */
function watchBody(response: Response, onBody: (ended: Promise<void>) => void): Response {
  if (response.body === null) return response
  const reader = response.body.getReader()
  let end: () => void = () => undefined
  let breakOff: (error: unknown) => void = () => undefined
  onBody(
    new Promise((resolve, reject) => {
      end = resolve
      breakOff = reject
    }),
  )
  const source: UnderlyingDefaultSource<Uint8Array> = {
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        controller.close()
        end()
      } catch (error) {
        controller.error(error)
        breakOff(error)
      }
    },
    cancel: (reason) => {
      end()
      return reader.cancel(reason)
    },
  }
  const body = new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: readAheadBytes }))
  return likeOriginal(new Response(body, response), response)
}

/** A response that is made cannot be given these; whoever reads them expects those of the answer. */
function likeOriginal(copy: Response, original: Response): Response {
  for (const property of ['url', 'redirected', 'type'] as const) {
    Object.defineProperty(copy, property, { value: original[property] })
  }
  return copy
}
