import type { FaultNetwork } from '../network.ts'

/**
 * Marks the gates that are modules: nothing under them is used elsewhere, so that they are independent of the rest.
 * Linear: a gate is a module if all visits of its descendants fall between its first visit and its end (Dutuit & Rauzy
 * 1996). A gate inside a cycle sees an earlier visit through the cycle, so only a whole cycle can be in a module.
 */
export function findModules(network: FaultNetwork, root: number): Uint8Array {
  const { nodeCount, inputStart, inputs } = network
  const { first, last, end, finished } = visitDepthFirst(network, root)
  const lowest = new Int32Array(nodeCount).fill(0x7fffffff)
  const highest = new Int32Array(nodeCount)
  const isModule = new Uint8Array(nodeCount)
  for (const gate of finished) {
    for (let i = inputStart[gate] as number; i < (inputStart[gate + 1] as number); i++) {
      const input = inputs[i] as number
      lowest[gate] = Math.min(lowest[gate] as number, first[input] as number, lowest[input] as number)
      highest[gate] = Math.max(highest[gate] as number, last[input] as number, highest[input] as number)
    }
    const isInside =
      (lowest[gate] as number) > (first[gate] as number) && (highest[gate] as number) < (end[gate] as number)
    isModule[gate] = isInside ? 1 : 0
  }
  return isModule
}

/** Dates of the first and last visit to each node, and of the end of each gate; the gates in the order they ended. */
function visitDepthFirst({ nodeCount, eventCount, inputStart, inputs }: FaultNetwork, root: number) {
  const first = new Int32Array(nodeCount)
  const last = new Int32Array(nodeCount)
  const end = new Int32Array(nodeCount)
  const cursor = inputStart.slice(0, nodeCount)
  const finished: number[] = []
  const path = [root]
  let date = 1
  first[root] = last[root] = date
  for (let gate = path.at(-1); gate !== undefined; gate = path.at(-1)) {
    if (cursor[gate] === inputStart[gate + 1]) {
      end[gate] = ++date
      finished.push(gate)
      path.pop()
      continue
    }
    const input = inputs[cursor[gate] as number] as number
    cursor[gate] = (cursor[gate] as number) + 1
    last[input] = ++date
    if (first[input] !== 0) continue
    first[input] = date
    if (input >= eventCount) path.push(input)
  }
  return { first, last, end, finished }
}
