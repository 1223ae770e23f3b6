import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type AsyncMessage, Connection, ConsumerStatus } from 'rabbitmq-client'
import { event as eventSchema } from '../../contracts/event.ts'
import { publishThrough } from './publish-through.ts'
import { RabbitmqNode } from './rabbitmq-node.ts'
import type { RabbitmqAddress } from './rabbitmq-url.ts'
import { describeTopology } from './topology.ts'
import type { Subscription, Transport } from './transport.ts'

const AT_ONCE = 50
/** The wait before an event that could not be handled comes again, longest. */
const RETRY_SECONDS_MAX = 30
/** A connection on which nothing is heard for two of these is over: the node behind it hangs. */
const HEARTBEAT_S = 5
const CONNECT_MS = 3_000

/**
 * RabbitMQ as the queue: quorum queues, publisher confirms through any node. An event that could not be handled comes
 * again, later each time, and is laid aside as a dead letter in the end; `replayDeadLetters` brings those back.
 */
export function openRabbitmqTransport({ address, log }: { address: RabbitmqAddress; log: Logger }): Transport {
  const declared = { isDone: false }
  const nodes = address.hosts.map((host) => new RabbitmqNode({ host, address, declared, log }))
  const publish = publishThrough(nodes, (node, reason) =>
    log.warn({ node, reason }, 'a node of RabbitMQ does not confirm; another one is asked'),
  )
  return {
    publish,
    async subscribe(subscription) {
      return subscribe(subscription, { address, log })
    },
    async close() {
      for (const node of nodes) node.close()
    },
  }
}

/** Connected to one node; when that one dies or hangs, to the next. */
export function connectToAny({ address, log, name }: { address: RabbitmqAddress; log: Logger; name: string }) {
  const { hosts, username, password } = address
  const connection = new Connection({
    hosts: [...hosts],
    username,
    password,
    connectionName: name,
    heartbeat: HEARTBEAT_S,
    connectionTimeout: CONNECT_MS,
    retryLow: 200,
    retryHigh: 1_000,
  })
  connection.on('error', (error) => log.warn({ err: error }, 'a connection to RabbitMQ broke'))
  return connection
}

function subscribe({ consumer, handle }: Subscription, { address, log }: { address: RabbitmqAddress; log: Logger }) {
  const stopping = new AbortController()
  const connection = connectToAny({ address, log, name: consumer })
  const take = async (message: AsyncMessage): Promise<ConsumerStatus> => {
    const parsed = eventSchema.safeParse(message.body)
    if (!parsed.success) {
      log.error({ err: parsed.error, consumer }, 'not an event; it is laid aside')
      return ConsumerStatus.DROP
    }
    try {
      await handle(parsed.data)
      return ConsumerStatus.ACK
    } catch (error) {
      log.warn({ err: error, consumer }, 'an event could not be handled; it comes again')
      const waitS = Math.min(2 ** Number(message.headers?.['x-delivery-count'] ?? 0), RETRY_SECONDS_MAX)
      await pause(waitS * 1_000, undefined, { signal: stopping.signal }).catch(() => undefined)
      return ConsumerStatus.REQUEUE
    }
  }
  const { exchanges, queues, queueBindings } = describeTopology()
  const queueOptions = queues.find(({ queue }) => queue === consumer) ?? {}
  const taking = connection.createConsumer(
    {
      queue: consumer,
      queueOptions,
      exchanges,
      queueBindings: queueBindings.filter(({ queue }) => queue === consumer),
      qos: { prefetchCount: AT_ONCE },
      concurrency: AT_ONCE,
    },
    take,
  )
  taking.on('error', (error) => log.warn({ err: error, consumer }, 'events do not come'))
  return {
    async stop() {
      stopping.abort()
      await taking.close()
      await connection.close()
    },
  }
}
