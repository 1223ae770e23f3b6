import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../contracts/event.ts'
import { type PublishingNode, publishThrough } from './publish-through.ts'

const orderId = '3f6bb6ab-1ce9-4a0c-9ba0-6fb8ea2d8d34'
const eventOf = (version: number): Event => ({
  topic: 'order',
  orderId,
  status: 'CREATED',
  version,
  at: '2026-01-01T00:00:00Z',
  data: {},
})

/** A cluster of nodes that confirm what `isConfirmed` says, and what arrived at each. */
function clusterOf(names: readonly string[], isConfirmed: (node: string, event: Event) => boolean) {
  const arrived: string[] = []
  const nodes = names.map(
    (name): PublishingNode => ({
      name,
      send: async (events) => {
        arrived.push(`${name}:${events.map(({ version }) => version).join()}`)
        return { events: events.filter((event) => !isConfirmed(name, event)), reason: 'NACK' }
      },
    }),
  )
  return { arrived, publish: publishThrough(nodes, () => undefined) }
}

describe('publishing to a cluster', () => {
  it('goes through one node while that one confirms', async () => {
    const { arrived, publish } = clusterOf(['a', 'b'], () => true)
    await publish([eventOf(1)])
    await publish([eventOf(2)])
    expect(arrived).toEqual(['a:1', 'a:2'])
  })

  it('sends again through the next node only what the first said no to, and stays there', async () => {
    const { arrived, publish } = clusterOf(['a', 'b'], (node, { version }) => node === 'b' || version === 1)
    await publish([eventOf(1), eventOf(2)])
    await publish([eventOf(3)])
    expect(arrived).toEqual(['a:1,2', 'b:2', 'b:3'])
  })

  it('asks two nodes and then rejects, so that the outbox keeps the events; the next go begins with the third', async () => {
    const { arrived, publish } = clusterOf(['a', 'b', 'c'], () => false)
    await expect(publish([eventOf(1)])).rejects.toThrow('RabbitMQ does not confirm 1 events; b: NACK')
    await expect(publish([eventOf(1)])).rejects.toThrow('RabbitMQ does not confirm 1 events; a: NACK')
    expect(arrived).toEqual(['a:1', 'b:1', 'c:1', 'a:1'])
  })

  it('resolves exactly when each event was confirmed by one of two nodes', async () => {
    const answers = fc.array(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(answers, async (says) => {
        const names = says.map((_, i) => String(i))
        const { publish } = clusterOf(names, (node, { version }) => says[Number(node)]?.[version] === true)
        const events = [0, 1, 2, 3].map(eventOf)
        const isConfirmed = events.every(({ version }) => says.slice(0, 2).some((one) => one[version]))
        await expect(
          publish(events).then(
            () => true,
            () => false,
          ),
        ).resolves.toBe(isConfirmed)
      }),
    )
  })
})
