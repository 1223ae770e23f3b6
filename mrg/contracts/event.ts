import * as z from 'zod'

/** What happened to an order in one service. Consumers drop what they have seen, by (topic, orderId, status, version). */
export const event = z.object({
  topic: z.enum(['order', 'payment', 'dispatch']),
  orderId: z.uuid(),
  status: z.string(),
  /** Grows by one with each change of that service's row: a lower one is older news. */
  version: z.int(),
  at: z.iso.datetime({ offset: true }),
  /** The row as it is from then on: an `Order`, a `Payment`, or a `Dispatch` with its `rider` (name and phone). */
  data: z.record(z.string(), z.unknown()),
})
export type Event = z.infer<typeof event>
export type Topic = Event['topic']

/** Who hears what. */
export const subscriptions = {
  'order-orchestrator': ['payment', 'dispatch'],
  'order-detail': ['order', 'payment', 'dispatch'],
  notification: ['dispatch'],
} as const satisfies Record<string, readonly Topic[]>
export type Consumer = keyof typeof subscriptions
