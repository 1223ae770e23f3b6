import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import * as z from 'zod'
import type { Consumer, Event } from '../../contracts/event.ts'
import type { Database } from '../database.ts'
import { openPostgresqlTransport } from './postgresql-transport.ts'
import { openRabbitmqTransport } from './rabbitmq-transport.ts'
import { type RabbitmqAddress, readRabbitmqUrl } from './rabbitmq-url.ts'
import type { Subscription, Transport } from './transport.ts'

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

/** How a service hears of events: what it does with one is on disk when that is done, because RabbitMQ forgets the event then. */
interface Hearing<Tables> {
  readonly consumer: Consumer
  readonly handle: (event: Event, db: Kysely<Tables>) => Promise<unknown>
}

interface ServiceTransport<Tables> extends Pick<Transport, 'publish' | 'close'> {
  subscribe(hearing: Hearing<Tables>): ReturnType<Transport['subscribe']>
}

/**
 * The transport that `EVENTS` names, to publish. Where RabbitMQ is known, consumers hear both: an event that was
 * published before a switch is in the other queue, and is heard from there. So services may be switched one after the
 * other, there and back.
 */
export async function openTransport<Tables>(
  environment: EventsEnvironment,
  { database, log }: { database: Database<Tables>; log: Logger },
): Promise<ServiceTransport<Tables>> {
  const { EVENTS, RABBITMQ, DATABASE } = environment
  const postgresql = await openPostgresqlTransport({ url: DATABASE, pool: database.relaxedPool, log })
  if (EVENTS === 'rabbitmq' && !RABBITMQ)
    throw new Error('EVENTS is rabbitmq, and RABBITMQ does not say where that is. Set it.')
  const rabbitmq = RABBITMQ && openRabbitmqTransport({ address: RABBITMQ, log })
  const heard = rabbitmq ? [postgresql, rabbitmq] : [postgresql]
  return {
    publish: (EVENTS === 'rabbitmq' && rabbitmq ? rabbitmq : postgresql).publish,
    async subscribe({ consumer, handle }) {
      const subscription: Subscription = { consumer, handle: async (event) => void (await handle(event, database.db)) }
      const all = await Promise.all(heard.map((one) => one.subscribe(subscription)))
      return { stop: async () => void (await Promise.all(all.map((one) => one.stop()))) }
    },
    close: async () => void (await Promise.all(heard.map((one) => one.close()))),
  }
}
