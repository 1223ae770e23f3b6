import type { FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import { listen, Problem } from '../../../kernel/index.ts'
import { DESK_CHANNEL } from '../move.ts'

const KEEP_ALIVE_MS = 15_000
/** Changes that come closer together are told as one. */
const GAP_MS = 150
const STREAMS_MAX = 200
/** A page that does not read is cut off; it comes back and asks for everything. */
const UNREAD_BYTES_MAX = 16 * 1024
const CHANGED = 'event: changed\ndata: {}\n\n'

export interface Events {
  /** Answers with Server-Sent Events until the page goes away. */
  stream(reply: FastifyReply): void
  stop(): Promise<void>
}

/** Tells every open page when anything of the desk changes, whichever instance changed it. */
export function openEvents({ url, log }: { url: string; log: Logger }): Events {
  const streams = new Set<FastifyReply['raw']>()
  const say = (text: string) => {
    for (const stream of streams) if (stream.writableLength > UNREAD_BYTES_MAX) stream.destroy()
    for (const stream of streams) stream.write(text)
  }
  let timer: NodeJS.Timeout | undefined
  const ear = listen({ url, channel: DESK_CHANNEL, log }, () => {
    timer ??= setTimeout(() => {
      timer = undefined
      say(CHANGED)
    }, GAP_MS)
  })
  const keepAlive = setInterval(() => say(': still here\n\n'), KEEP_ALIVE_MS)
  return {
    stream(reply) {
      if (streams.size >= STREAMS_MAX)
        throw new Problem(503, 'too-many-desks', { detail: `${STREAMS_MAX} desks are open.`, retryAfterMs: 10_000 })
      reply.hijack()
      const { raw } = reply
      raw.on('close', () => streams.delete(raw))
      raw.on('error', () => streams.delete(raw))
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      // Whatever happened before this stream began is news to its page.
      raw.write(CHANGED)
      streams.add(raw)
    },
    async stop() {
      clearInterval(keepAlive)
      clearTimeout(timer)
      for (const stream of streams) stream.destroy()
      await ear.stop()
    },
  }
}
