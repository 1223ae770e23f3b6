import { type Circuit, Op } from './circuit.ts'
import type { Values } from './evaluate.ts'

/**
 * The derivative of the root by every event, in one pass downwards, by event id. Exact for an exact circuit; otherwise
 * an estimate: the upper bounds' values, and operands of `bounds` taken as independent.
 */
export function differentiate(circuit: Circuit, { upper }: Values, idCount: number): Float64Array {
  const slopes = new Float64Array(circuit.nodeCount)
  const gradient = new Float64Array(idCount)
  slopes[circuit.root] = 1
  for (let node = circuit.root; node >= 0; node--) {
    const slope = slopes[node] as number
    if (slope === 0) continue
    const a = circuit.a[node] as number
    switch (circuit.ops[node]) {
      case Op.constant:
        break
      case Op.event:
        gradient[a] = (gradient[a] as number) + slope
        break
      case Op.choice: {
        const high = circuit.b[node] as number
        const low = circuit.c[node] as number
        const condition = upper[a] as number
        slopes[a] = (slopes[a] as number) + slope * ((upper[high] as number) - (upper[low] as number))
        slopes[high] = (slopes[high] as number) + slope * condition
        slopes[low] = (slopes[low] as number) + slope * (1 - condition)
        break
      }
      default:
        differentiateList(circuit, node, upper, slopes)
    }
  }
  return gradient
}

function differentiateList({ ops, a, b, c, lists }: Circuit, node: number, values: Float64Array, slopes: Float64Array) {
  const start = a[node] as number
  const count = b[node] as number
  const operands = lists.subarray(start, start + count)
  const needed = ops[node] === Op.any ? 1 : ops[node] === Op.all ? count : (c[node] as number)
  const parts = needed === 1 || needed === count ? productsOfOthers(operands, values, needed === 1) : null
  operands.forEach((operand, index) => {
    const part = parts ? (parts[index] as number) : exactlyOfOthers(operands, values, index, needed - 1)
    slopes[operand] = (slopes[operand] as number) + (slopes[node] as number) * part
  })
}

/** For each operand the product over the others of v, or of 1 − v: from both ends, so that zeros divide nothing. */
function productsOfOthers(operands: Int32Array, values: Float64Array, isComplement: boolean): Float64Array {
  const factor = (index: number) => {
    const value = values[operands[index] as number] as number
    return isComplement ? 1 - value : value
  }
  const products = new Float64Array(operands.length)
  let product = 1
  for (let i = 0; i < operands.length; i++) {
    products[i] = product
    product *= factor(i)
  }
  product = 1
  for (let i = operands.length - 1; i >= 0; i--) {
    products[i] = (products[i] as number) * product
    product *= factor(i)
  }
  return products
}

/** The probability that exactly `wanted` of the other operands are true, were they independent. */
function exactlyOfOthers(operands: Int32Array, values: Float64Array, left: number, wanted: number): number {
  const exactly = new Float64Array(wanted + 1)
  exactly[0] = 1
  operands.forEach((operand, index) => {
    if (index === left) return
    const value = values[operand] as number
    for (let k = wanted; k >= 0; k--) {
      exactly[k] = (exactly[k] as number) * (1 - value) + (k > 0 ? (exactly[k - 1] as number) * value : 0)
    }
  })
  return exactly[wanted] as number
}
