import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import type { Pace } from './pace.ts'

/** The platform did not do what a rider asked for, or nobody can say whether it did. */
export class NotDoneError extends Error {
  readonly what: string
  /** Of the last answer; undefined when there was none in time. */
  readonly status: number | undefined
  /** An attempt without a clear answer may have been carried out all the same. */
  readonly isCertain: boolean

  constructor(what: string, options: { status?: number | undefined; isCertain: boolean; cause?: unknown }) {
    super(`${what}: ${options.status ?? 'no answer'}`, { cause: options.cause })
    this.name = 'NotDoneError'
    this.what = what
    this.status = options.status
    this.isCertain = options.isCertain
  }
}

interface Session {
  readonly token: string
  readonly riderId: string
}
const session = z.object({ token: z.string().min(1), riderId: z.string().min(1) })

interface Question<Answer> {
  readonly path: string
  readonly answer: z.ZodType<Answer>
  readonly body?: unknown
  readonly key?: string
}

/** What riders can ask of the platform. Everything rejects with `NotDoneError` when it was not a success. */
export interface Api {
  /** Signs in unless that was done already. */
  riderId(phone: string): Promise<string>
  get<Answer>(phone: string, question: Question<Answer>): Promise<Answer>
  /** Insists: a POST without a clear answer is repeated, with the same key. */
  post<Answer>(phone: string, question: Question<Answer>): Promise<Answer>
}

export function createApi(options: { url: string; pace: Pace }): Api {
  const sessions = new Map<string, Promise<Session>>()

  function signIn(phone: string): Promise<Session> {
    const known = sessions.get(phone)
    if (known !== undefined) return known
    const fresh = send('POST', { path: '/v1/sign-in', body: { phone }, answer: session })
    sessions.set(phone, fresh)
    fresh.catch(() => sessions.delete(phone))
    return fresh
  }

  async function sendAs<Answer>(phone: string, method: string, question: Question<Answer>): Promise<Answer> {
    const signedIn = signIn(phone)
    try {
      return await send(method, question, await signedIn)
    } catch (error) {
      if (!(error instanceof NotDoneError) || error.status !== 401) throw error
      // The token has ended: one new one for all who notice.
      if (sessions.get(phone) === signedIn) sessions.delete(phone)
      return send(method, question, await signIn(phone))
    }
  }

  async function send<Answer>(method: string, question: Question<Answer>, as?: Session): Promise<Answer> {
    const { path, body, key, answer } = question
    const what = `${method} ${path}`
    let status: number | undefined
    try {
      const response = await fetch(`${options.url}${path}`, {
        method,
        signal: AbortSignal.timeout(options.pace.answerMsMax),
        headers: {
          ...(as && { authorization: `Bearer ${as.token}` }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      status = response.status
      if (response.ok) return answer.parse(JSON.parse(text))
    } catch (error) {
      // Also a success that cannot be understood: who knows what it stands for.
      throw new NotDoneError(what, { isCertain: false, cause: error })
    }
    throw new NotDoneError(what, { status, isCertain: status < 500 })
  }

  /** Repeats what has no clear answer; once in doubt, a refusal does not take the doubt away. */
  async function insist<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
    let isInDoubt = false
    for (const pauseMs of [...options.pace.repeatAfterMs, undefined]) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof NotDoneError)) throw error
        const { what, status, isCertain } = error
        if (isCertain && isInDoubt) throw new NotDoneError(what, { status, isCertain: false, cause: error })
        if (isCertain || pauseMs === undefined) throw error
        isInDoubt = true
        await pause(pauseMs)
      }
    }
    throw new Error('unreachable: the last attempt has no pause after it')
  }

  return {
    riderId: async (phone) => (await insist(() => signIn(phone))).riderId,
    get: (phone, question) => sendAs(phone, 'GET', question),
    post: (phone, question) => insist(() => sendAs(phone, 'POST', question)),
  }
}
