import type { ServerResponse } from 'node:http'

const STREAMS_MAX = 200
const BEAT_MS = 15_000
/** Some hundred states that nobody took. */
const UNREAD_BYTES_MAX = 8 * 1024 * 1024

/**
 * Server-sent events. Every message is the whole present state of its kind, so a browser that was away needs only the
 * latest of each, and gets it when it comes back.
 */
export class Streams {
  readonly #open = new Set<ServerResponse>()
  readonly #latest = new Map<string, string>()
  readonly #beat: NodeJS.Timeout

  constructor() {
    this.#beat = setInterval(() => this.#write(': still here\n\n'), BEAT_MS)
    this.#beat.unref()
  }

  get isFull(): boolean {
    return this.#open.size >= STREAMS_MAX
  }

  /** Nothing is sent while the state is the same. */
  send(kind: string, state: unknown): void {
    const message = `event: ${kind}\ndata: ${JSON.stringify(state)}\n\n`
    if (this.#latest.get(kind) === message) return
    this.#latest.set(kind, message)
    this.#write(message)
  }

  open(response: ServerResponse): void {
    this.#open.add(response)
    response.on('close', () => this.#open.delete(response))
    response.write(`retry: 1000\n\n${[...this.#latest.values()].join('')}`)
  }

  close(): void {
    clearInterval(this.#beat)
    for (const response of this.#open) response.end()
  }

  /** A browser that does not read any more is let go: it comes back when it can. */
  #write(text: string): void {
    for (const response of this.#open) {
      response.write(text)
      if (response.writableLength > UNREAD_BYTES_MAX) response.destroy()
    }
  }
}
