import { guard, UnknownOutcomeError } from '@linchpin/guard'
import * as z from 'zod'
import { driver, type Place, vehicle } from '../../contracts/booking.ts'
import { createUpstream, judgeUpstream, readAnswer, UpstreamError } from '../../kernel/index.ts'
import type { DispatchRow } from './tables.ts'

const bbdState = z.enum(['CREATED', 'DISPATCHED', 'ARRIVED', 'ENGAGED', 'COMPLETED', 'CANCELLED'])
export const bbdOrder = z.object({
  bbdId: z.string(),
  reference: z.string(),
  state: bbdState,
  sequence: z.int().default(0),
  driver: driver.nullish(),
  vehicle: vehicle.nullish(),
  reason: z.string().nullish(),
})
export type BbdOrder = z.infer<typeof bbdOrder>
const bbdVehicles = z.object({
  vehicles: z.array(
    z.object({ vehicleId: z.string(), lat: z.number(), lng: z.number(), kind: z.string(), plate: z.string() }),
  ),
})

/** What came of something that must not be done twice. `unknown`: it may have been done; ask before asking again. */
export type Outcome =
  | { readonly kind: 'done'; readonly order: BbdOrder }
  | { readonly kind: 'not-done' | 'unknown'; readonly reason: string }

/** The partner's dispatch system, as this service uses it. */
export interface Bbd {
  /** Never rejects: what is not done goes to people, what is unknown is looked up first. */
  book(row: DispatchRow): Promise<Outcome>
  /** Never rejects. `not-done` with a 409 when the trip has begun. */
  cancel(bbdId: string): Promise<Outcome>
  /** All orders under our own id. Rejects when the partner cannot say. */
  find(reference: string): Promise<BbdOrder[]>
  read(bbdId: string): Promise<BbdOrder>
  findVehicles(near: Pick<Place, 'lat' | 'lng'>): Promise<z.infer<typeof bbdVehicles>>
  /** Whether calls are let through now. */
  readonly isOpen: () => boolean
}

export interface BbdOptions {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
}

export function connectBbd(options: BbdOptions): Bbd {
  const booking = guard<unknown, Outcome>('taxi-partner-gateway>bbd', {
    deadline: '5s',
    bulkhead: { concurrent: 50, queue: 50 },
    breaker: { window: '60s', minimumCalls: 10, failureRate: 0.5, consecutiveFailures: 5, openFor: '30s', probes: 3 },
    judge: judgeUpstream,
    fallback: (error) => classify(error),
  })
  const tracking = createUpstream('taxi-partner-gateway>bbd-tracking', options.url, {
    deadline: '2s',
    bulkhead: { concurrent: 20, queue: 50 },
    breaker: { window: '30s', minimumCalls: 10, consecutiveFailures: 3, openFor: '15s', probes: 5 },
  })
  const token = keepToken(options)
  // What the partner refuses is an answer and no failure, so no fallback of the guard hears of it.
  const send = (path: string, body: object): Promise<Outcome> =>
    booking
      .run(async ({ signal }): Promise<Outcome> => {
        const order = await token.use((headers) => post(`${options.url}${path}`, { body, headers, signal }, bbdOrder))
        return { kind: 'done', order }
      })
      .catch(classify)
  const ask = <Answer>(path: string, answer: z.ZodType<Answer>): Promise<Answer> =>
    token.use((headers) => tracking.call('GET', path, { answer, headers }))
  return {
    book: ({ order_id: reference, pickup, dropoff, rider, fare_idr: fareIdr }) =>
      send('/orders', { reference, pickup, dropoff, passenger: rider, fareIdr }),
    cancel: (bbdId) => send(`/orders/${bbdId}/cancel`, {}),
    find: async (reference) =>
      (await ask(`/orders?reference=${reference}`, z.object({ orders: z.array(bbdOrder) }))).orders,
    read: (bbdId) => ask(`/orders/${bbdId}`, bbdOrder),
    findVehicles: ({ lat, lng }) => ask(`/vehicles?lat=${lat}&lng=${lng}`, bbdVehicles),
    isOpen: () => booking.breaker?.describe().state === 'open',
  }
}

/** Naming `UnknownOutcomeError` is what makes this fallback answer for it. An error of the partner's own is in doubt too. */
function classify(error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof UnknownOutcomeError) return { kind: 'unknown', reason }
  if (error instanceof UpstreamError && error.status >= 500 && error.status !== 503) return { kind: 'unknown', reason }
  return { kind: 'not-done', reason }
}

async function post<Answer>(
  url: string,
  { body, headers, signal }: { body: object; headers: Record<string, string>; signal: AbortSignal | undefined },
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    ...(signal && { signal }),
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return readAnswer('taxi-partner-gateway>bbd', response, answer)
}

const tokenAnswer = z.object({ accessToken: z.string(), expiresInS: z.number() })
/** A token is renewed so long before it ends. */
const MARGIN_MS = 30_000

/** One token for all calls, fetched when there is none. A call that it is refused for was not done: a new one is tried once. */
function keepToken({ url, clientId, clientSecret }: BbdOptions) {
  const login = createUpstream('taxi-partner-gateway>bbd-credentials', url, {
    deadline: '2s',
    bulkhead: { concurrent: 2, queue: 10 },
    breaker: { window: '30s', minimumCalls: 10, consecutiveFailures: 5, openFor: '5s', probes: 1 },
    // Refused credentials too: partners lock accounts that go on knocking.
    judge: { error: () => 'failure' },
  })
  let current: { readonly text: string; readonly until: number } | undefined
  let fetching: Promise<string> | undefined
  const fetchToken = async () => {
    const options = { body: { clientId, clientSecret }, answer: tokenAnswer, idempotent: true }
    const { accessToken, expiresInS } = await login.call('POST', '/auth/token', options).catch(notSent)
    current = { text: accessToken, until: performance.now() + expiresInS * 1000 - MARGIN_MS }
    return accessToken
  }
  const read = (): Promise<string> => {
    if (current && performance.now() < current.until) return Promise.resolve(current.text)
    fetching ??= fetchToken().finally(() => {
      fetching = undefined
    })
    return fetching
  }
  return {
    async use<Answer>(call: (headers: Record<string, string>) => Promise<Answer>): Promise<Answer> {
      const token = await read()
      try {
        return await call({ authorization: `Bearer ${token}` })
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.status !== 401) throw error
        if (current?.text === token) current = undefined
        return call({ authorization: `Bearer ${await read()}` })
      }
    },
  }
}

/** Without a token nothing is sent: whatever went wrong here leaves no doubt about the order. */
function notSent(error: unknown): never {
  const status = error instanceof UpstreamError && error.status < 500 ? error.status : 503
  const detail = error instanceof Error ? error.message : String(error)
  throw new UpstreamError({ dependency: 'bbd-credentials', status, problem: { detail: `no token: ${detail}` } })
}
