/**
 * An arithmetic circuit: how a probability is computed from the probabilities of independent events. Every node comes
 * after its operands, so one pass upwards evaluates and one pass downwards differentiates.
 */
export interface Circuit {
  readonly root: number
  readonly nodeCount: number
  /** What each node is: `Op`. */
  readonly ops: Uint8Array
  /** By op: see `Op`. */
  readonly a: Int32Array
  readonly b: Int32Array
  readonly c: Int32Array
  /** Lists of operands. */
  readonly lists: Int32Array
  /** False if a node is `bounds`: then values are intervals. */
  readonly isExact: boolean
}

/** The operations. A list is `lists[a .. a + b]`. */
export const Op = {
  /** `a` is 0 or 1. */
  constant: 0,
  /** `a` is the id of the event. */
  event: 1,
  /** If `a` then `b` else `c`, where `b` implies nothing less than `c`: Shannon's expansion of an increasing function. */
  choice: 2,
  /** At least one of a list of independent operands. */
  any: 3,
  /** All of a list of independent operands. */
  all: 4,
  /** At least `c` of a list of operands that may depend on each other; `apartCount` of the list precedes it. */
  bounds: 5,
} as const

export const FALSE = 0
export const TRUE = 1

/** Collects nodes; equal choices are not merged, the decision diagrams have done that. */
export class CircuitBuilder {
  isExact = true
  #count = 0
  #ops = new Uint8Array(256)
  #a = new Int32Array(256)
  #b = new Int32Array(256)
  #c = new Int32Array(256)
  #lists = new Int32Array(256)
  #listsLength = 0
  readonly #events = new Map<number, number>()

  constructor() {
    this.#push(Op.constant, 0, 0, 0)
    this.#push(Op.constant, 1, 0, 0)
  }

  get nodeCount(): number {
    return this.#count
  }

  /** A place to come back to, while no new events are made. */
  mark(): { readonly nodeCount: number; readonly listsLength: number } {
    return { nodeCount: this.#count, listsLength: this.#listsLength }
  }

  backTo({ nodeCount, listsLength }: { readonly nodeCount: number; readonly listsLength: number }): void {
    this.#count = nodeCount
    this.#listsLength = listsLength
  }

  event(id: number): number {
    const known = this.#events.get(id)
    if (known !== undefined) return known
    const node = this.#push(Op.event, id, 0, 0)
    this.#events.set(id, node)
    return node
  }

  choice(condition: number, high: number, low: number): number {
    if (high === low) return high
    if (high === TRUE && low === FALSE) return condition
    return this.#push(Op.choice, condition, high, low)
  }

  any(operands: readonly number[]): number {
    return this.#independent(Op.any, operands, FALSE, TRUE)
  }

  all(operands: readonly number[]): number {
    return this.#independent(Op.all, operands, TRUE, FALSE)
  }

  /**
   * Bounds for "at least `needed` of the operands", which are increasing functions of independent events and may share
   * them. The first `apartCount` operands share none with each other; -1 stands for "the lower bound is 0".
   */
  bounds(needed: number, operands: readonly number[], apartCount: number): number {
    this.isExact = false
    const start = this.#pushList([apartCount, ...operands])
    return this.#push(Op.bounds, start + 1, operands.length, needed)
  }

  build(root: number): Circuit {
    return {
      root,
      nodeCount: this.#count,
      ops: this.#ops.slice(0, this.#count),
      a: this.#a.slice(0, this.#count),
      b: this.#b.slice(0, this.#count),
      c: this.#c.slice(0, this.#count),
      lists: this.#lists.slice(0, this.#listsLength),
      isExact: this.isExact,
    }
  }

  #independent(op: number, operands: readonly number[], neutral: number, absorbing: number): number {
    if (operands.includes(absorbing)) return absorbing
    const list = operands.filter((operand) => operand !== neutral)
    if (list.length < 2) return list[0] ?? neutral
    return this.#push(op, this.#pushList(list), list.length, 0)
  }

  #pushList(list: readonly number[]): number {
    const start = this.#listsLength
    this.#listsLength += list.length
    if (this.#listsLength > this.#lists.length) this.#lists = enlarge(this.#lists, this.#listsLength)
    this.#lists.set(list, start)
    return start
  }

  #push(op: number, a: number, b: number, c: number): number {
    if (this.#count === this.#a.length) {
      const ops = new Uint8Array(2 * this.#count)
      ops.set(this.#ops)
      this.#ops = ops
      this.#a = enlarge(this.#a, 0)
      this.#b = enlarge(this.#b, 0)
      this.#c = enlarge(this.#c, 0)
    }
    this.#ops[this.#count] = op
    this.#a[this.#count] = a
    this.#b[this.#count] = b
    this.#c[this.#count] = c
    return this.#count++
  }
}

/** At least twice as long, the rest zero. */
export function enlarge(values: Int32Array<ArrayBuffer>, lengthMin: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * values.length, lengthMin))
  larger.set(values)
  return larger
}
