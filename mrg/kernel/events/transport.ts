import type { Event, Topic } from '../../contracts/event.ts'

/** How events travel between services: at least once, in no promised order. */
export interface Transport {
  /** Resolves once the events are durable for everyone who subscribed. */
  publish(events: readonly Event[]): Promise<void>
  /** Hands each event to `handle` until it resolves; one that rejects comes again later. */
  subscribe(subscription: Subscription): Promise<{ stop(): Promise<void> }>
}

export interface Subscription {
  /** One queue for all instances of a service. */
  readonly consumer: string
  readonly topics: readonly Topic[]
  readonly handle: (event: Event) => Promise<void>
}
