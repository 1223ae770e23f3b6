import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { findSeries, readMetric } from './read-metric.ts'

const TEXT = `# HELP guard_state whether it is open
# TYPE guard_state gauge
guard_state{dependency="stock",state="open"} 1
guard_state{dependency="bank",state="open"} 0
calls_total 1027 1395066363000
odd{text="a\\"b,c}"} 3
waits_bucket{le="+Inf"} +Inf
nothing NaN
`

describe('a series of Prometheus text', () => {
  it.each([
    ['guard_state{dependency="stock"}', [1]],
    ['guard_state', [1, 0]],
    ['guard_state{dependency="stock",state="closed"}', []],
    ['calls_total', [1027]],
    ['odd{text="a\\"b,c}"}', [3]],
    ['waits_bucket{le="+Inf"}', [Number.POSITIVE_INFINITY]],
    ['nothing', []],
    ['guard', []],
  ])('%s has the values %j', (series, expected) => {
    expect(findSeries(TEXT, series)).toEqual(expected)
  })
})

it('adds up the pages of several services', async () => {
  const pages = await Promise.all([1, 2].map((value) => servePage(`breaker_state ${value}\n`)))
  const url = pages.map(({ address }) => address).join(' ')
  expect(await readMetric('breaker_state', { url, withinMs: 5_000 })).toBe(3)
  for (const { close } of pages) close()
})

function servePage(text: string): Promise<{ address: string; close: () => void }> {
  const server = createServer((_request, response) => response.end(text))
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({ address: `http://127.0.0.1:${port}/metrics`, close: () => server.close() })
    }),
  )
}
