import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { listenOn } from '../world.ts'

export interface Request {
  /** Such as `POST /v1/orders`; ids are left out. */
  readonly question: string
  readonly key: string | undefined
  readonly token: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: tests look into requests of every shape.
  readonly body: any
}
type Answer = { readonly status: number; readonly body?: object } | 'hang up' | 'never'

/** The platform as riders see it. It is content with everything, until a test has an answer of its own. */
export async function createFakePlatform() {
  const requests: Request[] = []
  const platform = {
    address: '',
    requests,
    /** Undefined: the answer of a platform in order. */
    answer: (_request: Request): Answer | undefined => undefined,
    asked: (question: string) => requests.filter((request) => request.question === question),
  }
  const server = createServer((request, reply) => {
    void (request.method === 'POST' ? json(request) : Promise.resolve(undefined)).then((body) => {
      const path = (request.url ?? '').replace(/[0-9a-f-]{36}/, ':id')
      const key = request.headers['idempotency-key']?.toString()
      const token = request.headers.authorization?.replace('Bearer ', '')
      const one = { question: `${request.method} ${path}`, key, token, body }
      requests.push(one)
      send(reply, platform.answer(one) ?? answerInOrder(one))
    })
  })
  platform.address = await listenOn(server)
  return platform
}

function send(reply: ServerResponse, answer: Answer): void {
  if (answer === 'never') return
  if (answer === 'hang up') return void reply.destroy()
  reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body ?? {}))
}

function answerInOrder({ question, body }: Request): Answer {
  switch (question) {
    case 'POST /v1/sign-in':
      return { status: 200, body: { token: `token ${body.phone}`, riderId: `rider ${body.phone}` } }
    case 'POST /v1/quotes':
      return { status: 201, body: { quoteId: randomUUID(), fareIdr: 40_000 } }
    case 'POST /v1/carts':
      return { status: 201, body: { cartId: randomUUID() } }
    case 'POST /v1/orders':
      return { status: 201, body: { orderId: randomUUID() } }
    case 'GET /v1/orders/:id':
      return {
        status: 200,
        body: { state: 'COMPLETED', dispatch: { state: 'DROP_OFF', driver: null, vehicle: null }, isPartial: false },
      }
    default:
      return { status: 200 }
  }
}
