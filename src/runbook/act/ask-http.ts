import type { Operation } from '../format/operation.ts'
import type { Outcome } from '../run/runner.ts'
import { failed } from './run-process.ts'

const BYTES_MAX = 1024 * 1024

export interface Asking {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Sends a request; redirects are answers like any other. */
export async function askHttp(request: Operation & { kind: 'http' }, { timeoutMs, signal }: Asking): Promise<Outcome> {
  const late = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { connection: 'close', ...request.headers },
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
      ...(request.body !== undefined && { body: request.body }),
    })
    return { status: response.status, output: await readBody(response), errors: '', failure: undefined }
  } catch (error) {
    if (late.aborted) return failed(`no answer within ${timeoutMs / 1_000} s`)
    return failed(`no answer: ${reasonOf(error)}`)
  }
}

/** Prometheus' instant query; the output is a JSON list of `{ metric, value }`. */
export async function askPrometheus({ to, query }: Operation & { kind: 'promql' }, asking: Asking): Promise<Outcome> {
  const url = `${to.replace(/\/$/, '')}/api/v1/query?query=${encodeURIComponent(query)}`
  const outcome = await askHttp({ kind: 'http', method: 'GET', url, headers: {}, body: undefined }, asking)
  if (outcome.failure !== undefined) return outcome
  try {
    const answer = JSON.parse(outcome.output)
    if (answer.status !== 'success') return failed(`Prometheus refuses the query: ${String(answer.error)}`)
    const { resultType, result } = answer.data
    const rows = resultType === 'vector' ? result : [{ metric: {}, value: result }]
    const lines = rows.map(({ metric, value }: { metric: object; value: unknown[] }) =>
      JSON.stringify({ metric, value: value[1] }),
    )
    return { status: undefined, output: `[${lines.join(',\n')}]`, errors: '', failure: undefined }
  } catch {
    return failed(`${to} answers as no Prometheus does (status ${outcome.status})`)
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk.subarray(0, BYTES_MAX - length))
    length += chunk.length
    if (length >= BYTES_MAX) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message
}
