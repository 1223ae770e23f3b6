import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { mapTexts } from '../../lab/index.ts'
import type { AnswerInput, LoadInput } from '../format/schema.ts'
import type { Outcome } from './sample.ts'

const TIMEOUT_MS = 5_000
const BODY_MAX = 1024 * 1024

export interface Answered {
  readonly outcome: Outcome
  readonly detail: string
  /** What the answer acknowledged. */
  readonly acknowledged: string | undefined
}

/** Sends one request of a load on a connection of its own, as a new user would. Never throws. */
export async function sendRequest(load: LoadInput, n: number): Promise<Answered> {
  const values: Record<string, string> = { uuid: randomUUID(), n: String(n) }
  const fill = (text: string) => text.replace(/\$\{(uuid|n)\}/g, (_, name: string) => values[name] ?? '')
  const [, method = 'GET', url = ''] = /^(?:([A-Z]+)\s+)?(.*)$/.exec(fill(load.http)) ?? []
  try {
    const body = load.body === undefined ? undefined : JSON.stringify(mapTexts(load.body, fill))
    const headers = mapTexts(load.headers ?? {}, fill) as Record<string, string>
    const { status, text } = await exchange(url, { method, body, headers, withinMs: load.timeout ?? TIMEOUT_MS })
    const outcome = judgeAnswer(load, status, text)
    return { outcome, detail: String(status), acknowledged: outcome === 'failed' ? undefined : readId(load, text) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { outcome: 'failed', detail: code ?? message, acknowledged: undefined }
  }
}

interface Exchange {
  readonly method: string
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly withinMs: number
}

function exchange(
  url: string,
  { method, body, headers, withinMs }: Exchange,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const about =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = httpRequest(url, { method, agent: false, headers: { ...about, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (text.length < BODY_MAX) text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer')), withinMs)
    request.on('error', reject)
    request.on('close', () => {
      clearTimeout(timer)
      reject(new Error('cut off'))
    })
    request.end(body)
  })
}

function judgeAnswer({ ok, degraded }: LoadInput, status: number, text: string): Outcome {
  if (degraded && fits(degraded, status, text)) return 'degraded'
  return fits(ok ?? { status: '2xx', body: undefined }, status, text) ? 'ok' : 'failed'
}

function fits({ status: wanted = '2xx', body }: AnswerInput, status: number, text: string): boolean {
  const [, from, to] = /^(\d{3})(?:-(\d{3}))?$/.exec(wanted) ?? []
  const isStatus =
    from === undefined ? wanted === `${String(status)[0]}xx` : status >= Number(from) && status <= Number(to ?? from)
  return isStatus && (body === undefined || new RegExp(body, 'm').test(text))
}

function readId({ acknowledges }: LoadInput, text: string): string | undefined {
  if (acknowledges === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)[acknowledges]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  } catch {
    return undefined
  }
}
