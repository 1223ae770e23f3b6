import type { Socket } from 'node:net'

/** What can be wrong with a network. `latency` makes every answer arrive later, by `delayMs` and up to `jitterMs` more. */
export type LinkFault =
  | { readonly kind: 'latency'; readonly delayMs: number; readonly jitterMs: number }
  | { readonly kind: 'blackhole' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'refuse' }

/** Bytes that may wait here before the sender is slowed down. */
const WAITING_MAX = 1024 * 1024

/** One direction of a connection: passes bytes on in order, later or not at all while a fault says so. */
export class OneWay {
  readonly #from: Socket
  readonly #to: Socket
  readonly #direction: 'there' | 'back'
  readonly #waiting: { readonly data: Buffer | 'end'; readonly at: number }[] = []
  #bytes = 0
  #delay: () => number = () => 0
  #isBlocked = false
  #isFull = false
  #timer: NodeJS.Timeout | undefined

  constructor(from: Socket, to: Socket, direction: 'there' | 'back') {
    this.#from = from
    this.#to = to
    this.#direction = direction
    from.on('data', (data) => this.#push(data))
    from.on('end', () => this.#push('end'))
    to.on('close', () => clearTimeout(this.#timer))
    to.on('drain', () => {
      this.#isFull = false
      this.#pass()
    })
  }

  setFaults(faults: readonly LinkFault[]): void {
    const latency = faults.find((fault) => fault.kind === 'latency')
    this.#isBlocked = faults.some(({ kind }) => kind === 'blackhole')
    this.#delay =
      latency && this.#direction === 'back' ? () => latency.delayMs + Math.random() * latency.jitterMs : () => 0
    this.#pass()
  }

  #push(data: Buffer | 'end'): void {
    const earliest = this.#waiting.at(-1)?.at ?? 0
    this.#waiting.push({ data, at: Math.max(earliest, performance.now() + this.#delay()) })
    if (data !== 'end') this.#bytes += data.length
    this.#pass()
    if (this.#bytes > WAITING_MAX) this.#from.pause()
  }

  #pass(): void {
    clearTimeout(this.#timer)
    while (!this.#isBlocked && !this.#isFull && !this.#to.destroyed) {
      const [next] = this.#waiting
      if (!next) break
      const waitMs = next.at - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pass(), waitMs)
        break
      }
      this.#waiting.shift()
      if (next.data === 'end') this.#to.end()
      else {
        this.#bytes -= next.data.length
        this.#isFull = !this.#to.write(next.data)
      }
    }
    if (this.#bytes <= WAITING_MAX && this.#from.isPaused()) this.#from.resume()
  }
}
