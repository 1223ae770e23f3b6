import type { Event } from '../../contracts/event.ts'

/** One node of a cluster, to publish through. */
export interface PublishingNode {
  readonly name: string
  /** Resolves with those events that this node did not confirm, and why; bounded in time. Never rejects. */
  send(events: readonly Event[]): Promise<Refusal>
}

export interface Refusal {
  readonly events: readonly Event[]
  readonly reason: string | undefined
}

/** How many nodes are asked in one go; the next go begins with the one after them. */
const TRIES_MAX = 2

/**
 * Publishing through whichever node confirms. What one does not confirm, because it is down, frozen or says no, goes
 * through the next one: a node that was down and came back may say no to everything for a while. An event may so be
 * there twice. Rejects when two nodes do not confirm what is left; the next go asks others.
 */
export function publishThrough(
  nodes: readonly PublishingNode[],
  onRefusal: (node: string, reason: string) => void,
): (events: readonly Event[]) => Promise<void> {
  let current = 0
  return async (events) => {
    let left = events
    let last = ''
    for (let tried = 0; tried < Math.min(nodes.length, TRIES_MAX) && left.length > 0; tried++) {
      const node = nodes[current % nodes.length]
      if (node === undefined) break
      const { events: refused, reason = 'no reason' } = await node.send(left)
      left = refused
      if (refused.length === 0) return
      last = `${node.name}: ${reason}`
      onRefusal(node.name, reason)
      current = (current + 1) % nodes.length
    }
    if (left.length > 0) throw new Error(`RabbitMQ does not confirm ${left.length} events; ${last}`)
  }
}
