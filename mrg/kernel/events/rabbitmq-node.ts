import type { Logger } from 'pino'
import { Connection, type Publisher } from 'rabbitmq-client'
import type { Event } from '../../contracts/event.ts'
import type { PublishingNode, Refusal } from './publish-through.ts'
import type { RabbitmqAddress } from './rabbitmq-url.ts'
import { addressOf, describeTopology } from './topology.ts'

/**
 * A node that is silent for so long is passed over. A confirm takes milliseconds, but a machine that has too much to do
 * must not be given connections to make as well. Two in a row are the 5 s that the outbox's transaction may be idle.
 */
const CONFIRM_WITHIN_MS = 2_400

/** Whether this process has declared the queues already: it costs every node something, so it is done once. */
export interface Declared {
  isDone: boolean
}

interface NodeOptions {
  readonly host: string
  readonly address: RabbitmqAddress
  readonly declared: Declared
  readonly log: Logger
}

interface Link {
  readonly connection: Connection
  readonly publisher: Publisher
  /** Those that came back, because no queue wanted them. */
  readonly returned: Set<string>
}

/** One node of RabbitMQ, with a connection of its own once something is published through it. */
export class RabbitmqNode implements PublishingNode {
  readonly name: string
  readonly #address: RabbitmqAddress
  readonly #log: Logger
  readonly #declared: Declared
  #link: Link | undefined
  #trouble: Error | undefined

  constructor({ host, address, declared, log }: NodeOptions) {
    this.name = host
    this.#address = address
    this.#log = log
    this.#declared = declared
  }

  async send(events: readonly Event[]): Promise<Refusal> {
    this.#link ??= this.#connect()
    const { publisher, returned } = this.#link
    this.#trouble = undefined
    const sent = events.map((event) => this.#sendOne(event, { publisher, returned }))
    const timer = setTimeout(() => this.close(), CONFIRM_WITHIN_MS)
    const outcomes = await Promise.allSettled(sent)
    clearTimeout(timer)
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    // A connection that said no once may go on saying no; the next use makes a new one.
    if (failed.length > 0) this.close()
    else this.#declared.isDone = true
    return {
      events: events.filter((_, i) => outcomes[i]?.status === 'rejected'),
      reason: failed[0] && describe(this.#trouble ?? failed[0].reason),
    }
  }

  /** Ends the connection at once; what was not confirmed on it is refused. */
  close(): void {
    this.#link?.connection.unsafeDestroy()
    this.#link = undefined
  }

  async #sendOne(event: Event, { publisher, returned }: Pick<Link, 'publisher' | 'returned'>): Promise<void> {
    const messageId = `${event.topic} ${event.orderId} ${event.status} ${event.version}`
    await publisher.send({ ...addressOf(event.topic), messageId }, event)
    if (!returned.delete(messageId)) return
    this.#declared.isDone = false
    throw new Error('no queue wants it')
  }

  #connect(): Link {
    const { username, password } = this.#address
    const connection = new Connection({
      hosts: [this.name],
      username,
      password,
      connectionName: 'outbox',
      connectionTimeout: CONFIRM_WITHIN_MS,
      acquireTimeout: CONFIRM_WITHIN_MS,
      retryLow: 200,
      retryHigh: 1_000,
    })
    connection.on('error', (error) => {
      this.#log.debug({ err: error, node: this.name }, 'a connection broke')
      this.#trouble = error
      // It would go on trying by itself, while another node could be asked.
      connection.unsafeDestroy()
      if (this.#link?.connection === connection) this.#link = undefined
    })
    const publisher = connection.createPublisher({
      confirm: true,
      ...(this.#declared.isDone ? {} : describeTopology()),
    })
    const returned = new Set<string>()
    publisher.on('basic.return', ({ messageId }) => returned.add(messageId ?? ''))
    return { connection, publisher, returned }
  }
}

function describe(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
