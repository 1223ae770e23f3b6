import { transpose } from './layout.ts'
import type { FaultNetwork } from './network.ts'

/** The same network without the edges that lead to none of the tops, so that simulating for them visits less. */
export function keepTowards(network: FaultNetwork, tops: Int32Array): FaultNetwork {
  const isRelevant = findBelow(network, tops)
  const start = new Int32Array(network.nodeCount + 1)
  const values = new Int32Array(network.inputs.length)
  let count = 0
  for (let node = 0; node < network.nodeCount; node++) {
    if (isRelevant[node] === 1) {
      const inputs = network.inputs.subarray(network.inputStart[node], network.inputStart[node + 1])
      values.set(inputs, count)
      count += inputs.length
    }
    start[node + 1] = count
  }
  const outputs = transpose({ start, values: values.subarray(0, count) }, network.nodeCount)
  return { ...network, outputStart: outputs.start, outputs: outputs.values }
}

/** Marks the tops and everything under them. */
function findBelow(network: FaultNetwork, tops: Int32Array): Uint8Array {
  const isBelow = new Uint8Array(network.nodeCount)
  const open = [...tops]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isBelow[node] === 1) continue
    isBelow[node] = 1
    for (let i = network.inputStart[node] as number; i < (network.inputStart[node + 1] as number); i++) {
      if (isBelow[network.inputs[i] as number] === 0) open.push(network.inputs[i] as number)
    }
  }
  return isBelow
}
