import type pg from 'pg'
import type { Logger } from 'pino'
import * as z from 'zod'
import { openPostgresqlTransport } from './postgresql-transport.ts'
import { openRabbitmqTransport } from './rabbitmq-transport.ts'
import { type RabbitmqAddress, readRabbitmqUrl } from './rabbitmq-url.ts'
import type { Transport } from './transport.ts'

/** What a service is told of how events travel. */
export const eventsEnvironment = {
  EVENTS: z.enum(['postgresql', 'rabbitmq']).default('postgresql'),
  RABBITMQ: z
    .string()
    .transform((text, context) => {
      const address = readRabbitmqUrl(text)
      if (address) return address
      context.addIssue({ code: 'custom', message: 'must be amqp://user:password@host:port,host:port' })
      return z.NEVER
    })
    .optional(),
}
interface EventsEnvironment {
  readonly EVENTS: 'postgresql' | 'rabbitmq'
  readonly RABBITMQ?: RabbitmqAddress | undefined
  readonly DATABASE: string
}

/**
 * The transport that `EVENTS` names, to publish. Where RabbitMQ is known, consumers hear both: an event that was
 * published before a switch is in the other queue, and is heard from there. So services may be switched one after the
 * other, there and back.
 */
export async function openTransport(
  environment: EventsEnvironment,
  { pool, log }: { pool: pg.Pool; log: Logger },
): Promise<Transport> {
  const { EVENTS, RABBITMQ, DATABASE } = environment
  const postgresql = await openPostgresqlTransport({ url: DATABASE, pool, log })
  if (!RABBITMQ) {
    if (EVENTS === 'rabbitmq') throw new Error('EVENTS is rabbitmq, and RABBITMQ does not say where that is. Set it.')
    return postgresql
  }
  const rabbitmq = openRabbitmqTransport({ address: RABBITMQ, log })
  return {
    publish: (EVENTS === 'rabbitmq' ? rabbitmq : postgresql).publish,
    async subscribe(subscription) {
      const both = await Promise.all([postgresql, rabbitmq].map((one) => one.subscribe(subscription)))
      return { stop: async () => void (await Promise.all(both.map((one) => one.stop()))) }
    },
    close: () => rabbitmq.close(),
  }
}
