import { askHttp } from './http-text.ts'

interface Answer {
  readonly status: 'success' | 'error'
  readonly error?: string
  readonly data?: { readonly resultType: string; readonly result: readonly unknown[] }
}

/**
 * The value of a PromQL expression now. Throws unless it is one number: no series is no value, several are a choice
 * that the expression has to make.
 * Source: Prometheus' HTTP API, instant queries.
 */
export async function readPromql(query: string, { url, withinMs }: { url: string; withinMs: number }): Promise<number> {
  const place = url.replace(/\/+$/, '')
  const { status, body } = await askHttp(`GET ${place}/api/v1/query?query=${encodeURIComponent(query)}`, withinMs)
  const { data, error } = parse(body) ?? { error: `${place} answers as no Prometheus does (status ${status})` }
  if (data === undefined) throw new Error(error ?? `${place} answers ${status}`)
  const values = data.resultType === 'scalar' ? [data.result] : data.result.map((row) => (row as Row).value)
  if (values.length === 0) throw new Error(`${place} has no series for ${query}`)
  if (values.length > 1)
    throw new Error(`${place} has ${values.length} series for ${query}. Aggregate them, such as with sum().`)
  return numberOf((values[0] as Sample | undefined)?.[1], query)
}

type Sample = readonly [at: number, value: string]
interface Row {
  readonly value?: Sample
}

function parse(body: string): Answer | undefined {
  try {
    const answer: Answer = JSON.parse(body)
    return answer.status === 'success' || answer.status === 'error' ? answer : undefined
  } catch {
    return undefined
  }
}

function numberOf(text: string | undefined, query: string): number {
  const value = text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text)
  if (text === undefined || Number.isNaN(value)) throw new Error(`${query} is no number now`)
  return value
}
