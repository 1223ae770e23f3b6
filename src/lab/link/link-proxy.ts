import { connect, createServer, type Server, type Socket } from 'node:net'
import type { LinkPlan } from '../format/plan.ts'
import { type LinkFault, OneWay } from './one-way.ts'

const HOST = '127.0.0.1'

interface Pair {
  readonly caller: Socket
  target: Socket | undefined
  readonly ways: OneWay[]
}

/**
 * A TCP proxy between a caller and the instances of a target, whose network can be broken. Connections take the
 * instances in turn; one that cannot be reached is passed over.
 */
export class LinkProxy {
  readonly plan: LinkPlan
  readonly #pairs = new Set<Pair>()
  #server: Server | undefined
  #faults: readonly LinkFault[] = []
  #turn = 0
  #passedOver: ReadonlySet<number> = new Set()
  /** How often a fault has met traffic: a connection it stopped, bytes it held back. Only grows. */
  harmed = 0

  constructor(plan: LinkPlan) {
    this.plan = plan
  }

  /** Accepts connections, unless it is to refuse them. Rejects when the port is taken. */
  open(): Promise<void> {
    if (this.#server || this.#has('refuse')) return Promise.resolve()
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (caller) => this.#accept(caller))
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.plan.port, HOST, () => {
        this.#server = server
        resolve()
      })
    })
  }

  /** Cuts every connection and stops listening. */
  close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.#cut()
    return new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }

  /** Gives new connections to other instances than those on these ports, as long as there are any. */
  passOver(ports: ReadonlySet<number>): void {
    this.#passedOver = ports
  }

  /** Puts exactly these faults in force, on the connections that are open too. */
  async setFaults(faults: readonly LinkFault[]): Promise<void> {
    this.#faults = faults
    if (this.#has('refuse')) return this.close()
    if (this.#has('reset')) this.#cut()
    for (const pair of this.#pairs) this.#resume(pair)
    await this.open()
  }

  #accept(caller: Socket): void {
    if (this.#has('reset') || this.#isLost()) {
      this.harmed++
      caller.on('error', () => undefined)
      caller.resetAndDestroy()
      return
    }
    const pair: Pair = { caller, target: undefined, ways: [] }
    this.#pairs.add(pair)
    if (this.#has('blackhole')) this.harmed++
    caller.setNoDelay(true)
    caller.on('error', () => this.#drop(pair))
    caller.on('close', (hadError) => this.#forget(pair, hadError))
    this.#resume(pair)
  }

  /** A black hole says nothing at all, not even that the target is gone: it is called once the hole is mended. */
  #resume(pair: Pair): void {
    if (!pair.target && !this.#has('blackhole')) this.#connect(pair, this.#choosePorts())
    for (const way of pair.ways) way.setFaults(this.#faults)
  }

  /** The one whose turn it is, then the others: connections that come meanwhile take turns of their own. */
  #choosePorts(): readonly number[] {
    const inUse = this.plan.targetPorts.filter((port) => !this.#passedOver.has(port))
    const ports = inUse.length > 0 ? inUse : this.plan.targetPorts
    const first = this.#turn++ % ports.length
    return [...ports.slice(first), ...ports.slice(0, first)]
  }

  #connect(pair: Pair, [port = 0, ...others]: readonly number[]): void {
    const target = connect({ host: HOST, port, allowHalfOpen: true })
    pair.target = target
    target.setNoDelay(true)
    target.once('connect', () => this.#join(pair, target))
    target.on('error', () => {
      const isUnreached = pair.ways.length === 0
      if (isUnreached && others.length > 0 && this.#pairs.has(pair)) this.#connect(pair, others)
      else this.#drop(pair)
    })
  }

  #join(pair: Pair, target: Socket): void {
    if (!this.#pairs.has(pair)) {
      target.destroy()
      return
    }
    target.on('close', (hadError) => this.#forget(pair, hadError))
    const onHarm = () => {
      this.harmed++
    }
    pair.ways.push(
      new OneWay(pair.caller, target, { direction: 'there', onHarm }),
      new OneWay(target, pair.caller, { direction: 'back', onHarm }),
    )
    for (const way of pair.ways) way.setFaults(this.#faults)
    pair.caller.resume()
  }

  /** A side that ended well may have bytes under way to the other; that one ends by itself once they have arrived. */
  #forget(pair: Pair, hadError: boolean): void {
    if (hadError || pair.ways.length === 0) this.#drop(pair)
    else if (pair.caller.destroyed && pair.target?.destroyed) this.#pairs.delete(pair)
  }

  /** Both sides end alike: what one of them lost, the other must not wait for. */
  #drop(pair: Pair): void {
    if (!this.#pairs.delete(pair)) return
    for (const socket of [pair.caller, pair.target]) {
      if (!socket || socket.destroyed) continue
      if (socket.writableFinished) socket.destroy()
      else socket.resetAndDestroy()
    }
  }

  #cut(): void {
    if (this.#faults.length > 0) this.harmed += this.#pairs.size
    for (const pair of this.#pairs) this.#drop(pair)
  }

  #isLost(): boolean {
    const loss = this.#faults.find((fault) => fault.kind === 'loss')
    return loss !== undefined && Math.random() < loss.share
  }

  #has(kind: LinkFault['kind']): boolean {
    return this.#faults.some((fault) => fault.kind === kind)
  }
}
