import type { Socket } from 'node:net'

/**
 * What can be wrong with a network. `latency` makes every answer arrive later, by `delayMs` and up to `jitterMs` more;
 * `loss` resets that share of new connections; `bandwidth` lets so many bytes through, each way of each connection.
 */
export type LinkFault =
  | { readonly kind: 'latency'; readonly delayMs: number; readonly jitterMs: number }
  | { readonly kind: 'blackhole' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'loss'; readonly share: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }

/** Bytes that may wait here before the sender is slowed down. */
const WAITING_MAX = 1024 * 1024
/** Under limited bandwidth bytes pass in pieces of this much time. */
const PIECE_SECONDS = 0.1

interface OneWayOptions {
  readonly direction: 'there' | 'back'
  /** Called when bytes wait because of a fault. */
  readonly onHarm: () => void
}

/** One direction of a connection: passes bytes on in order, later or not at all while a fault says so. */
export class OneWay {
  readonly #from: Socket
  readonly #to: Socket
  readonly #direction: 'there' | 'back'
  readonly #onHarm: () => void
  #waiting: { readonly data: Buffer | 'end'; readonly at: number }[] = []
  #bytes = 0
  #delay: () => number = () => 0
  #bytesPerSecond = Number.POSITIVE_INFINITY
  #isBlocked = false
  #isFull = false
  #timer: NodeJS.Timeout | undefined

  constructor(from: Socket, to: Socket, { direction, onHarm }: OneWayOptions) {
    this.#from = from
    this.#to = to
    this.#direction = direction
    this.#onHarm = onHarm
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
    const bandwidth = faults.find((fault) => fault.kind === 'bandwidth')
    this.#isBlocked = faults.some(({ kind }) => kind === 'blackhole')
    this.#bytesPerSecond = bandwidth?.bytesPerSecond ?? Number.POSITIVE_INFINITY
    this.#delay =
      latency && this.#direction === 'back' ? () => latency.delayMs + Math.random() * latency.jitterMs : () => 0
    // What waits for a fault that is gone goes at once: a mended link keeps nothing of it.
    if (!latency && !bandwidth) this.#waiting = this.#waiting.map(({ data }) => ({ data, at: 0 }))
    this.#pass()
  }

  #push(data: Buffer | 'end'): void {
    const delayMs = this.#delay()
    if (data === 'end') this.#enqueue(data, delayMs)
    else {
      const pieceBytes = Math.max(1, Math.floor(this.#bytesPerSecond * PIECE_SECONDS))
      for (let from = 0; from < data.length; from += pieceBytes)
        this.#enqueue(data.subarray(from, from + pieceBytes), delayMs)
      this.#bytes += data.length
      if (this.#isBlocked || delayMs > 0 || this.#bytesPerSecond < Number.POSITIVE_INFINITY) this.#onHarm()
    }
    this.#pass()
    if (this.#bytes > WAITING_MAX) this.#from.pause()
  }

  #enqueue(data: Buffer | 'end', delayMs: number): void {
    const earliest = Math.max(this.#waiting.at(-1)?.at ?? 0, performance.now() + delayMs)
    const travelMs = data === 'end' ? 0 : (1_000 * data.length) / this.#bytesPerSecond
    this.#waiting.push({ data, at: earliest + travelMs })
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
