import type { Logger } from 'pino'
import type { Consumer } from '../../contracts/event.ts'
import { connectToAny } from './rabbitmq-transport.ts'
import type { RabbitmqAddress } from './rabbitmq-url.ts'
import { deadQueueOf, describeTopology } from './topology.ts'

export interface ReplayOptions {
  readonly address: RabbitmqAddress
  readonly consumer: Consumer
  readonly log: Logger
}

/**
 * Sends what a consumer could not handle to it again: those that lay there at the beginning, oldest first. Each leaves
 * the dead letters only after its own queue has confirmed it, so a crash in between sends one twice. Result: how many.
 */
export async function replayDeadLetters({ address, consumer, log }: ReplayOptions): Promise<number> {
  const connection = connectToAny({ address, log, name: 'replay' })
  const publisher = connection.createPublisher({ confirm: true, queues: describeTopology().queues })
  const channel = await connection.acquire()
  try {
    const queue = deadQueueOf(consumer)
    const { messageCount } = await channel.queueDeclare({ queue, passive: true })
    for (let replayed = 0; replayed < messageCount; replayed++) {
      const message = await channel.basicGet({ queue })
      if (!message) return replayed
      const { messageId, deliveryTag, body } = message
      await publisher.send({ routingKey: consumer, durable: true, ...(messageId !== undefined && { messageId }) }, body)
      channel.basicAck({ deliveryTag })
    }
    return messageCount
  } finally {
    await channel.close()
    await publisher.close()
    await connection.close()
  }
}

/** How many events a consumer could not handle, without touching them. */
export async function countDeadLetters({ address, consumer, log }: ReplayOptions): Promise<number> {
  const connection = connectToAny({ address, log, name: 'count' })
  try {
    const queue = deadQueueOf(consumer)
    const found = await connection.queueDeclare({ queue, passive: true })
    return found.messageCount
  } finally {
    await connection.close()
  }
}
