import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { readPromql } from './read-promql.ts'

let server: Server | undefined

afterEach(() => void server?.close())

/** Something that answers as Prometheus does, or not; its address. */
async function answering(body: unknown, status = 200, asked: string[] = []): Promise<string> {
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const vector = (...values: string[]) => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1_700_000_000.1, value] })) },
})
const ask = (url: string) => readPromql('sum(rate(bookings_total[1m])) > 0', { url, withinMs: 5_000 })

describe('a PromQL expression', () => {
  it('is sent as one query, and its one sample is the value', async () => {
    const asked: string[] = []
    expect(await ask(`${await answering(vector('2.5'), 200, asked)}/`)).toBe(2.5)
    expect(asked).toEqual(['/api/v1/query?query=sum(rate(bookings_total%5B1m%5D))%20%3E%200'])
  })

  it('may be a scalar, and infinite', async () => {
    const scalar = { status: 'success', data: { resultType: 'scalar', result: [1_700_000_000, '+Inf'] } }
    expect(await ask(await answering(scalar))).toBe(Number.POSITIVE_INFINITY)
  })

  it.each([
    ['no series', vector(), 200, /has no series for sum/],
    ['several series', vector('1', '2'), 200, /has 2 series .* Aggregate them/],
    ['a value that is none', vector('NaN'), 200, /is no number now/],
    ['a wrong query', { status: 'error', error: 'parse error at char 3' }, 400, /parse error at char 3/],
    ['another server', '<html></html>', 200, /answers as no Prometheus does \(status 200\)/],
  ])('%s is no value, never zero', async (_, body, status, message) => {
    await expect(ask(await answering(body, status))).rejects.toThrow(message)
  })
})
