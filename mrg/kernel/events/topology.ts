import type { PublisherProps } from 'rabbitmq-client'
import { subscriptions } from '../../contracts/event.ts'

const EXCHANGE = 'mrg.events'
/** A message that was handed out so often is laid aside. At half a minute each it takes 25 minutes to come there. */
const DELIVERIES_MAX = 50

/** The name of the queue where a consumer's events are laid aside that it could not handle. */
export function deadQueueOf(consumer: string): string {
  return `${consumer}.dead`
}

/**
 * Everything that RabbitMQ has for the events: one exchange, and for each consumer a queue and one for its dead letters.
 * Whoever publishes or consumes declares all of it, so no event is sent before the queues that it is for are there.
 * Quorum queues: what is confirmed is on a majority of their nodes.
 */
export function describeTopology(): Required<Pick<PublisherProps, 'exchanges' | 'queues' | 'queueBindings'>> {
  const consumers = Object.entries(subscriptions)
  return {
    exchanges: [{ exchange: EXCHANGE, type: 'direct', durable: true }],
    queues: consumers.flatMap(([consumer]) => [
      { queue: deadQueueOf(consumer), durable: true, arguments: { 'x-queue-type': 'quorum' } },
      { queue: consumer, durable: true, arguments: liveArguments(consumer) },
    ]),
    queueBindings: consumers.flatMap(([queue, topics]) =>
      topics.map((routingKey) => ({ queue, exchange: EXCHANGE, routingKey })),
    ),
  }
}

/** A message leaves its queue for that of the dead letters only once that one has it. */
function liveArguments(consumer: string) {
  return {
    'x-queue-type': 'quorum' as const,
    'x-delivery-limit': DELIVERIES_MAX,
    'x-overflow': 'reject-publish' as const,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': deadQueueOf(consumer),
    'x-dead-letter-strategy': 'at-least-once',
  }
}

export function addressOf(topic: string) {
  return { exchange: EXCHANGE, routingKey: topic, durable: true, mandatory: true }
}
