import type { Consumer, Event } from '../../contracts/event.ts'

/** How events travel between services: at least once, in no promised order. */
export interface Transport {
  /** Resolves once the events are durable for everyone who subscribed. */
  publish(events: readonly Event[]): Promise<void>
  /** Hands each event to `handle` until it resolves; one that rejects comes again later. */
  subscribe(subscription: Subscription): Promise<{ stop(): Promise<void> }>
  close(): Promise<void>
}

export interface Subscription {
  /** One queue for all instances of a service; what it hears is in `contracts/event.ts`. */
  readonly consumer: Consumer
  readonly handle: (event: Event) => Promise<void>
}
