import { Problem } from './problem.ts'
import type { App } from './serve.ts'
import { isSignedBy } from './signature.ts'

export interface SignedRoute {
  /** The header with the signature, in hex, of the bytes of the body. */
  readonly header: string
  /** The key for these parameters of the path; undefined: there is no such sender. */
  readonly secretOf: (params: Readonly<Record<string, string>>) => string | undefined
  /** Gets the JSON of a body whose signature matches. */
  readonly receive: (body: unknown, params: Readonly<Record<string, string>>) => Promise<void>
}

/** A POST that others report to: nothing is believed, or even parsed, whose signature does not match. Answers 204. */
export function addSignedRoute(app: App, path: string, { header, secretOf, receive }: SignedRoute): void {
  void app.register(async (scope) => {
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    scope.post(path, async (request, reply) => {
      const params = request.params as Record<string, string>
      const secret = secretOf(params)
      if (secret === undefined) throw new Problem(404, 'sender-unknown', { detail: 'There is no such sender.' })
      const signature = request.headers[header]
      const text = typeof request.body === 'string' ? request.body : ''
      if (!isSignedBy(text, typeof signature === 'string' ? signature : undefined, secret))
        throw new Problem(401, 'forged', { detail: 'The signature does not match.' })
      await receive(parseJson(text), params)
      return reply.code(204).send()
    })
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'invalid-request', { detail: 'The body is not JSON.' })
  }
}
