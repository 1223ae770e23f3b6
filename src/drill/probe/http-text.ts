import { request as httpRequest } from 'node:http'

const BODY_MAX = 4 * 1024 * 1024

/** Sends `GET http://…` over a connection of its own. Throws when no whole answer comes in time. */
export function askHttp(text: string, withinMs: number): Promise<{ status: number; body: string }> {
  const [, method = 'GET', url = ''] = /^(?:([A-Z]+)\s+)?(.*)$/.exec(text) ?? []
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, agent: false }, (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > BODY_MAX) request.destroy(new Error(`answers more than ${BODY_MAX / 1e6} MB`))
        else chunks.push(chunk)
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      )
      response.on('error', reject)
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer')), withinMs)
    request.on('error', (error) => reject(new Error(`${method} ${url}: ${error.message}`)))
    request.on('close', () => clearTimeout(timer))
    request.end()
  })
}
