import { type Guard, type GuardSettings, guard, type Judge } from '@linchpin/guard'
import type * as z from 'zod'
import type { ProblemBody } from './problem.ts'

/** What another service or a provider answered when it was no success. */
export class UpstreamError extends Error {
  readonly code = 'UPSTREAM'
  readonly dependency: string
  readonly status: number
  readonly problem: Partial<ProblemBody>

  constructor(details: { dependency: string; status: number; problem: Partial<ProblemBody> }) {
    super(`${details.dependency} answers ${details.status}: ${details.problem.detail ?? details.problem.title ?? ''}`)
    this.name = 'UpstreamError'
    this.dependency = details.dependency
    this.status = details.status
    this.problem = details.problem
  }
}

/**
 * An answer of the caller's own making (4xx, but 429) says nothing about the dependency's health; one of our services
 * that turns a call away because it is `busy` is well, and a breaker that opened on it would turn all away.
 */
export const judgeUpstream: Judge = {
  error: (error) => (error instanceof UpstreamError && saysNothing(error) ? 'ignore' : 'failure'),
}

function saysNothing({ status, problem }: UpstreamError): boolean {
  return problem.code === 'busy' || (status < 500 && status !== 429)
}

export interface CallOptions<Answer> {
  readonly body?: unknown
  readonly answer: z.ZodType<Answer>
  readonly headers?: Readonly<Record<string, string>>
  /** Names the answer in the guard's cache. */
  readonly key?: string
  /** Default: all methods but POST. */
  readonly idempotent?: boolean
}

/** One dependency that is called over HTTP with JSON, every call through its guard. */
export interface Upstream {
  readonly guard: Guard
  call<Answer>(method: string, path: string, options: CallOptions<Answer>): Promise<Answer>
}

export type UpstreamSettings = Omit<GuardSettings<unknown, never>, 'fallback'>

/**
 * The guarded way from one service to another. An idempotent call whose connection breaks is sent once more on another
 * connection, before the guard hears of it: one instance that dies breaks all of its calls at once, and a breaker that
 * opened on those would keep everybody from the instances that are well. Rejects with `UpstreamError` for an answer that
 * is no success, and with the guard's errors; an answer of another shape than `answer` is a failure of the dependency.
 */
export function createUpstream(name: string, baseUrl: string, settings: UpstreamSettings): Upstream {
  const made = guard(name, { judge: judgeUpstream, ...settings })
  return {
    guard: made,
    call(method, path, { body, answer, headers, key, idempotent = method !== 'POST' }) {
      return made.run(
        async ({ signal }) => {
          const send = async () => {
            const response = await fetch(`${baseUrl}${path}`, {
              method,
              signal,
              headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
              ...(body !== undefined && { body: JSON.stringify(body) }),
            })
            return readAnswer(name, response, answer)
          }
          return send().catch((error: unknown) => {
            if (!idempotent || signal.aborted || !isBrokenConnection(error)) throw error
            return send()
          })
        },
        { idempotent, ...(key !== undefined && { key }) },
      )
    },
  }
}

/** What `fetch` and its body throw of a connection that was refused or ended too early. */
function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error) || !('code' in error.cause)) return false
  return ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(String(error.cause.code))
}

/** The JSON of an answer. Throws `UpstreamError` if it is no success, and what zod throws if it has another shape. */
export async function readAnswer<Answer>(
  dependency: string,
  response: Response,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const text = await response.text()
  if (!response.ok) throw new UpstreamError({ dependency, status: response.status, problem: readProblem(text) })
  return answer.parse(text === '' ? undefined : JSON.parse(text))
}

function readProblem(text: string): Partial<ProblemBody> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? body : {}
  } catch {
    return {}
  }
}
