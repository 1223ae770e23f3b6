import * as z from 'zod'
import { type Ask, askFirst } from './ask.ts'
import type { FeedOf } from './settings.ts'
import type { FeedSight } from './sight.ts'

const SHOWN_MAX = 10

const sample = z.tuple([z.number(), z.string()])
const answer = z.looseObject({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.looseObject({ resultType: z.literal('scalar'), result: sample }),
    z.looseObject({
      resultType: z.literal('vector'),
      result: z.array(z.looseObject({ metric: z.record(z.string(), z.string()), value: sample })),
    }),
  ]),
})

/**
 * The figures that a query gives. One that `means` something holds, like the expression of an alert, as soon as it
 * gives any. Source: Prometheus' HTTP API, `GET /api/v1/query`.
 */
export async function lookAtPrometheus({ urls, query, means }: FeedOf<'prometheus'>, ask: Ask): Promise<FeedSight> {
  const { data } = await askFirst(urls, async (url) => {
    const { status, text } = await ask(`${url.replace(/\/$/, '')}/api/v1/query?query=${encodeURIComponent(query)}`)
    if (status !== 200) throw new Error(`answers ${status}`)
    return answer.parse(JSON.parse(text))
  })
  const series =
    data.resultType === 'scalar'
      ? [{ name: 'value', says: data.result[1] }]
      : data.result.map(({ metric, value }) => ({ name: sayLabels(metric), says: value[1] }))
  return {
    state: means !== undefined && series.length > 0 ? means : 'fine',
    says: series.length === 1 && series[0] ? series[0].says : `${series.length} series`,
    members: series.slice(0, SHOWN_MAX),
  }
}

function sayLabels(metric: Readonly<Record<string, string>>): string {
  const labels = Object.entries(metric).filter(([name]) => name !== '__name__')
  return labels.map(([name, value]) => `${name}=${value}`).join(', ') || (metric.__name__ ?? 'value')
}
