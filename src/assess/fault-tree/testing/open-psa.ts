import { type FaultNetwork, NetworkBuilder, type NodeId } from '../index.ts'

/** A published fault tree, read. */
export interface PublishedTree {
  readonly network: FaultNetwork
  readonly top: NodeId
  readonly eventIds: ReadonlyMap<string, NodeId>
  readonly nameOf: ReadonlyMap<NodeId, string>
  /** By node id. */
  readonly p: Float64Array
}

/**
 * Reads the part of the Open-PSA model exchange format that the Aralia trees use: gates with one `and`, `or` or
 * `atleast`, basic events with a float. The top is the gate that nothing uses.
 */
export function readOpenPsa(xml: string): PublishedTree {
  const builder = new NetworkBuilder()
  const eventIds = new Map<string, NodeId>()
  const gateIds = new Map<string, NodeId>()
  const probabilities: [NodeId, number][] = []
  for (const [, name = '', value] of xml.matchAll(/<define-basic-event name="([^"]+)">\s*<float value="([^"]+)"/g)) {
    eventIds.set(name, builder.event())
    probabilities.push([eventIds.get(name) as NodeId, Number(value)])
  }
  const definitions = [...xml.matchAll(/<define-gate name="([^"]+)">([\s\S]*?)<\/define-gate>/g)]
  for (const [, name = ''] of definitions) gateIds.set(name, builder.declare())
  const used = new Set<NodeId>()
  for (const [, name = '', body = ''] of definitions) {
    const inputs = [...body.matchAll(/<(gate|basic-event) name="([^"]+)"/g)].map(
      ([, kind, input = '']) => (kind === 'gate' ? gateIds : eventIds).get(input) as NodeId,
    )
    for (const input of inputs) used.add(input)
    builder.define(gateIds.get(name) as NodeId, readKind(body), inputs)
  }
  const network = builder.build()
  const p = new Float64Array(network.nodeCount)
  for (const [event, value] of probabilities) p[event] = value
  const nameOf = new Map([...eventIds].map(([name, id]) => [id, name]))
  return { network, top: [...gateIds.values()].find((gate) => !used.has(gate)) as NodeId, eventIds, nameOf, p }
}

function readKind(body: string): 'and' | 'or' | { atLeast: number } {
  const atLeast = /<atleast min="(\d+)"/.exec(body)?.[1]
  if (atLeast) return { atLeast: Number(atLeast) }
  return /<and>/.test(body) ? 'and' : 'or'
}
