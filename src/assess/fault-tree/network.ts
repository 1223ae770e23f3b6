import { layOut } from './layout.ts'

/** A basic event or a gate. Ids are handed out by `NetworkBuilder` from 0 upwards, in the order of the calls. */
export type NodeId = number

/** How many inputs make a gate true: one of them, all of them, or at least `atLeast`. */
export type GateKind = 'or' | 'and' | { readonly atLeast: number }

/**
 * A monotone Boolean network, cycles allowed; its meaning is the least fixed point: nothing is true without a cause.
 * Callers read `nodeCount` and `eventCount` and pass the rest on. Inside, a node is known by its *position*: events
 * first, then gates, inputs before the gates they feed; the gates of one cycle lie side by side.
 */
export interface FaultNetwork {
  readonly nodeCount: number
  readonly eventCount: number
  readonly positionOf: Int32Array
  readonly idAt: Int32Array
  /** By position: how many inputs must be true. 0 is always true; more than there are inputs is never true. */
  readonly needed: Int32Array
  /** The inputs of position i are `inputs[inputStart[i] .. inputStart[i + 1]]`; likewise the gates it feeds. */
  readonly inputStart: Int32Array
  readonly inputs: Int32Array
  readonly outputStart: Int32Array
  readonly outputs: Int32Array
  /** By position: the number of the cycle the gate is in, or -1. */
  readonly cycleOf: Int32Array
}

export type FaultNetworkErrorCode = 'unknown-node' | 'not-a-gate' | 'undefined-gate' | 'defined-twice' | 'bad-count'

/** A network was put together or asked about wrongly: a mistake of the calling code, never of a user's file. */
class FaultNetworkError extends Error {
  override readonly name = 'FaultNetworkError'
  readonly code: FaultNetworkErrorCode
  readonly node: NodeId

  constructor(code: FaultNetworkErrorCode, node: NodeId, message: string) {
    super(message)
    this.code = code
    this.node = node
  }
}

/** What the builder knows of a gate; `needed` is -1 until it is defined. An event has no entry. */
export interface GateDraft {
  needed: number
  inputs: readonly NodeId[]
}

/**
 * Collects events and gates, then freezes them. An input listed twice counts once in `or` and `and`, and as often as
 * listed in `atLeast`; `or` of nothing is false, `and` of nothing is true. Throws `FaultNetworkError`.
 */
export class NetworkBuilder {
  readonly #nodes: (GateDraft | null)[] = []

  /** A basic event. */
  event(): NodeId {
    return this.#nodes.push(null) - 1
  }

  gate(kind: GateKind, inputs: readonly NodeId[]): NodeId {
    const gate = this.declare()
    this.define(gate, kind, inputs)
    return gate
  }

  /** A gate whose inputs come later, as cycles need. */
  declare(): NodeId {
    return this.#nodes.push({ needed: -1, inputs: [] }) - 1
  }

  define(gate: NodeId, kind: GateKind, inputs: readonly NodeId[]): void {
    const draft = this.#nodes[gate]
    if (!draft) throw new FaultNetworkError('not-a-gate', gate, `node ${gate} is not a declared gate`)
    if (draft.needed >= 0) throw new FaultNetworkError('defined-twice', gate, `gate ${gate} is already defined`)
    draft.inputs = typeof kind === 'object' ? [...inputs] : [...new Set(inputs)]
    draft.needed = inputsNeeded(kind, draft.inputs.length, gate)
  }

  /** The network of everything so far, frozen. The builder stays usable. */
  build(): FaultNetwork {
    this.#nodes.forEach((draft, gate) => {
      if (draft) this.#checkDraft(draft, gate)
    })
    return layOut(this.#nodes)
  }

  #checkDraft(draft: GateDraft, gate: NodeId): void {
    if (draft.needed < 0) throw new FaultNetworkError('undefined-gate', gate, `gate ${gate} was declared, not defined`)
    for (const input of draft.inputs) {
      if (this.#nodes[input] !== undefined) continue
      throw new FaultNetworkError('unknown-node', input, `gate ${gate} has the input ${input}, which is no node`)
    }
  }
}

/** The position of a node. Throws `FaultNetworkError` if the network has no such node. */
export function positionOf(network: FaultNetwork, node: NodeId): number {
  const position = network.positionOf[node]
  if (position !== undefined) return position
  throw new FaultNetworkError('unknown-node', node, `the network has no node ${node}`)
}

function inputsNeeded(kind: GateKind, inputCount: number, gate: NodeId): number {
  if (kind === 'or') return 1
  if (kind === 'and') return inputCount
  if (Number.isInteger(kind.atLeast) && kind.atLeast >= 0) return kind.atLeast
  throw new FaultNetworkError('bad-count', gate, `gate ${gate} asks for at least ${kind.atLeast} inputs: not a count`)
}
