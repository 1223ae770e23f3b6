// What the three processes share: a small HTTP server that answers JSON, and calls with a deadline.
import { createServer } from 'node:http'

/** Serves on loopback; `routes` maps "GET /path" to a function of the request's JSON and the last part of its path; a text is answered as it is. */
export function serve(routes) {
  const server = createServer(async (request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(`${JSON.stringify(body)}\n`)
    }
    const [, path = '/', rest = ''] = /^(\/[^/]*)\/?([^/?]*)/.exec(request.url ?? '/') ?? []
    const route = routes[`${request.method} ${path}`]
    if (path === '/health' || path === '/ready') return answer(200, { status: 'ok' })
    if (!route) return answer(404, { error: 'There is nothing here.' })
    try {
      const result = await route(await readBody(request), rest)
      if (typeof result === 'string') return response.end(result)
      const { status = 200, ...body } = result
      answer(status, body)
    } catch (error) {
      answer(503, { error: error.message })
    }
  })
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on ${process.env.PORT}`))
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0))
    server.closeAllConnections()
  })
}

/** The JSON that a service answers; throws when it takes longer than half a second or answers with an error. */
export async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(500),
    headers: { 'content-type': 'application/json', connection: 'close' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error ?? `${url} answers ${response.status}`)
  return answer
}

async function readBody(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
