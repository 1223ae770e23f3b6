import { type Circuit, Op } from './circuit.ts'

/** The values of every node: one array twice where values are exact, bounds otherwise. */
export interface Values {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

export function createValues(circuit: Circuit): Values {
  const lower = new Float64Array(circuit.nodeCount)
  return { lower, upper: circuit.isExact ? lower : new Float64Array(circuit.nodeCount) }
}

/** Evaluates every node; `p` is by event id. */
export function evaluate(circuit: Circuit, p: Float64Array, values: Values): void {
  for (let node = 0; node < circuit.nodeCount; node++) evaluateNode(circuit, node, p, values)
}

/** Evaluates one node from its operands. */
function evaluateNode(circuit: Circuit, node: number, p: Float64Array, values: Values): void {
  const { lower, upper } = values
  switch (circuit.ops[node]) {
    case Op.constant:
      lower[node] = upper[node] = circuit.a[node] as number
      return
    case Op.event:
      lower[node] = upper[node] = p[circuit.a[node] as number] ?? 0
      return
    case Op.choice:
      evaluateChoice(circuit, node, values)
      return
    case Op.any:
      lower[node] = anyOf(circuit, node, lower)
      if (!circuit.isExact) upper[node] = anyOf(circuit, node, upper)
      return
    case Op.all:
      lower[node] = allOf(circuit, node, lower)
      if (!circuit.isExact) upper[node] = allOf(circuit, node, upper)
      return
    default:
      evaluateBounds(circuit, node, values)
  }
}

/**
 * low + condition × (high − low). In truth high ≥ low, so where bounds say otherwise the tighter of the two holds for
 * both, which also makes the expression increase in the condition: the ends of the operands give the ends of the result.
 */
function evaluateChoice({ a, b, c, isExact }: Circuit, node: number, { lower, upper }: Values): void {
  const condition = a[node] as number
  const high = b[node] as number
  const low = c[node] as number
  const lowest = lower[low] as number
  const gain = (lower[high] as number) - lowest
  lower[node] = lowest + (lower[condition] as number) * (isExact || gain > 0 ? gain : 0)
  if (isExact) return
  const highest = upper[high] as number
  const loss = highest - Math.min(upper[low] as number, highest)
  upper[node] = highest - (1 - (upper[condition] as number)) * loss
}

/** 1 − ∏(1 − v), summed so that small probabilities keep their digits. */
function anyOf({ a, b, lists }: Circuit, node: number, values: Float64Array): number {
  const start = a[node] as number
  let sum = 0
  for (let i = start; i < start + (b[node] as number); i++) sum += (1 - sum) * (values[lists[i] as number] as number)
  return sum
}

function allOf({ a, b, lists }: Circuit, node: number, values: Float64Array): number {
  const start = a[node] as number
  let product = 1
  for (let i = start; i < start + (b[node] as number); i++) product *= values[lists[i] as number] as number
  return product
}

/**
 * "At least k of n" where operands may share events. They are increasing functions of independent events, hence
 * associated (Esary & Proschan 1963; Harris 1960, FKG): P(all of some) ≥ the product of their probabilities, and
 * P(any of some) ≤ 1 − ∏(1 − v). So lower: the product of the k largest; upper: any of the n − k + 1 smallest, one of
 * which must be true. For OR and AND, operands that share no event give the other side of exactly that product.
 */
function evaluateBounds(circuit: Circuit, node: number, { lower, upper }: Values): void {
  const start = circuit.a[node] as number
  const count = circuit.b[node] as number
  const needed = circuit.c[node] as number
  const apartCount = circuit.lists[start - 1] as number
  const operands = circuit.lists.subarray(start, start + count)
  const apart = operands.subarray(0, Math.max(0, apartCount))
  const lowest = pick(operands, lower)
    .sort()
    .subarray(count - needed)
  const highest = pick(operands, upper)
    .sort()
    .subarray(0, count - needed + 1)
  let low = lowest.reduce(multiply, 1)
  let high = highest.reduce(joinAny, 0)
  if (needed === 1) low = Math.max(low, pick(apart, lower).reduce(joinAny, 0))
  if (needed === count) high = Math.min(high, pick(apart, upper).reduce(multiply, 1))
  lower[node] = apartCount < 0 ? 0 : low
  upper[node] = high
}

function pick(operands: Int32Array, values: Float64Array): Float64Array {
  return Float64Array.from(operands, (operand) => values[operand] as number)
}

function multiply(product: number, value: number): number {
  return product * value
}

function joinAny(sum: number, value: number): number {
  return sum + (1 - sum) * value
}

/** Evaluates again, for other values of some events, only what depends on them; gives every value back afterwards. */
export class PartialEvaluation {
  readonly #circuit: Circuit
  readonly #userStart: Int32Array
  readonly #users: Int32Array
  readonly #isPending: Uint8Array

  constructor(circuit: Circuit) {
    this.#circuit = circuit
    const { start, users } = listUsers(circuit)
    this.#userStart = start
    this.#users = users
    this.#isPending = new Uint8Array(circuit.nodeCount)
  }

  /** The root's bounds with `p` changed at the event nodes given, where `values` belong to the unchanged. */
  evaluate(eventNodes: readonly number[], p: Float64Array, values: Values): { lower: number; upper: number } {
    const { root } = this.#circuit
    const changed: { node: number; lower: number; upper: number }[] = []
    let last = -1
    const schedule = (node: number) => {
      this.#isPending[node] = 1
      if (node > last) last = node
    }
    for (const node of eventNodes) schedule(node)
    for (let node = this.#isPending.indexOf(1); node >= 0 && node <= last; node++) {
      if (this.#isPending[node] === 0) continue
      this.#isPending[node] = 0
      const before = { node, lower: values.lower[node] as number, upper: values.upper[node] as number }
      evaluateNode(this.#circuit, node, p, values)
      if (values.lower[node] === before.lower && values.upper[node] === before.upper) continue
      changed.push(before)
      for (let i = this.#userStart[node] as number; i < (this.#userStart[node + 1] as number); i++) {
        schedule(this.#users[i] as number)
      }
    }
    const result = { lower: values.lower[root] as number, upper: values.upper[root] as number }
    for (const before of changed) {
      values.lower[before.node] = before.lower
      values.upper[before.node] = before.upper
    }
    return result
  }
}

/** By node, the nodes that use it. */
function listUsers(circuit: Circuit): { start: Int32Array; users: Int32Array } {
  const start = new Int32Array(circuit.nodeCount + 2)
  forEachOperand(circuit, (operand) => {
    start[operand + 2] = (start[operand + 2] as number) + 1
  })
  for (let i = 2; i < start.length; i++) start[i] = (start[i] as number) + (start[i - 1] as number)
  const users = new Int32Array(start[circuit.nodeCount + 1] as number)
  forEachOperand(circuit, (operand, node) => {
    const slot = start[operand + 1] as number
    users[slot] = node
    start[operand + 1] = slot + 1
  })
  return { start, users }
}

function forEachOperand({ nodeCount, ops, a, b, c, lists }: Circuit, visit: (operand: number, node: number) => void) {
  for (let node = 0; node < nodeCount; node++) {
    if (ops[node] === Op.choice) {
      visit(a[node] as number, node)
      visit(b[node] as number, node)
      visit(c[node] as number, node)
    } else if ((ops[node] as number) > Op.choice) {
      const start = a[node] as number
      for (let i = start; i < start + (b[node] as number); i++) visit(lists[i] as number, node)
    }
  }
}
