import type { FaultNetwork, GateDraft } from './network.ts'

/** Compressed rows: the entries of row i are `values[start[i] .. start[i + 1]]`. */
export interface Rows {
  readonly start: Int32Array
  readonly values: Int32Array
}

/** A network before its nodes are ordered, by id. */
export interface LooseNetwork {
  /** By id: how many inputs must be true; -1 marks an event. */
  readonly needed: Int32Array
  readonly inputs: Rows
}

/** Folds what is always true, then orders and packs. */
export function layOut(nodes: readonly (GateDraft | null)[]): FaultNetwork {
  const isAlwaysTrue = findAlwaysTrue(nodes)
  return arrange({ needed: countNeeded(nodes, isAlwaysTrue), inputs: packInputs(nodes, isAlwaysTrue) })
}

/** Orders the nodes: events, then gates, inputs before the gates they feed, the gates of one cycle side by side. */
export function arrange({ needed, inputs }: LooseNetwork): FaultNetwork {
  const nodeCount = needed.length
  const { positionOf, cycleOf, eventCount } = orderNodes(needed, inputs)
  const idAt = new Int32Array(nodeCount)
  positionOf.forEach((position, id) => {
    idAt[position] = id
  })
  const { start, values } = renumber(inputs, idAt, positionOf)
  const outputs = transpose({ start, values }, nodeCount)
  return Object.freeze({
    nodeCount,
    eventCount,
    positionOf,
    idAt,
    needed: idAt.map((id) => Math.abs(needed[id] as number)),
    inputStart: start,
    inputs: values,
    outputStart: outputs.start,
    outputs: outputs.values,
    cycleOf,
  })
}

/** Marks the gates that are true although no event is: `and` of nothing and what follows from it. */
function findAlwaysTrue(nodes: readonly (GateDraft | null)[]): Uint8Array {
  const isAlwaysTrue = new Uint8Array(nodes.length)
  const open = [...nodes.keys()].filter((node) => nodes[node]?.needed === 0)
  if (open.length === 0) return isAlwaysTrue
  const missing = nodes.map((draft) => draft?.needed ?? -1)
  const outputs = transpose(packInputs(nodes, isAlwaysTrue), nodes.length)
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    isAlwaysTrue[node] = 1
    for (let i = outputs.start[node] as number; i < (outputs.start[node + 1] as number); i++) {
      const gate = outputs.values[i] as number
      missing[gate] = (missing[gate] as number) - 1
      if (missing[gate] === 0) open.push(gate)
    }
  }
  return isAlwaysTrue
}

/** Leaves out what an input cannot change: inputs always true, and a gate's own output, which is never first. */
function packInputs(nodes: readonly (GateDraft | null)[], isAlwaysTrue: Uint8Array): Rows {
  const start = new Int32Array(nodes.length + 1)
  const values = new Int32Array(nodes.reduce((sum, draft) => sum + (draft?.inputs.length ?? 0), 0))
  let count = 0
  nodes.forEach((draft, node) => {
    if (draft && !isAlwaysTrue[node]) {
      for (const input of draft.inputs) if (!isAlwaysTrue[input] && input !== node) values[count++] = input
    }
    start[node + 1] = count
  })
  return { start, values: values.slice(0, count) }
}

function countNeeded(nodes: readonly (GateDraft | null)[], isAlwaysTrue: Uint8Array): Int32Array {
  return Int32Array.from(nodes, (draft, id) => {
    if (!draft) return -1
    if (isAlwaysTrue[id]) return 0
    return draft.needed - draft.inputs.filter((input) => isAlwaysTrue[input]).length
  })
}

/**
 * Strongly connected components by Tarjan's algorithm (1972), without recursion. Components come out inputs first,
 * which is the order of the positions; events are moved to the front in the order they were declared.
 */
function orderNodes(needed: Int32Array, inputs: Rows) {
  const count = needed.length
  const positionOf = new Int32Array(count).fill(-1)
  const cycleOf = new Int32Array(count).fill(-1)
  let eventCount = 0
  needed.forEach((inputsNeeded, id) => {
    if (inputsNeeded < 0) positionOf[id] = eventCount++
  })
  let nextPosition = eventCount
  let cycleCount = 0
  forEachComponent(inputs, positionOf, (component) => {
    const cycle = component.length > 1 ? cycleCount++ : -1
    for (let i = component.length - 1; i >= 0; i--) {
      cycleOf[nextPosition] = cycle
      positionOf[component[i] as number] = nextPosition++
    }
  })
  return { positionOf, cycleOf, eventCount }
}

/** Nodes with a position already (the events) are passed over; `place` must give every node of the component one. */
function forEachComponent(edges: Rows, positionOf: Int32Array, place: (component: Int32Array) => void): void {
  const { start, values } = edges
  const count = positionOf.length
  const found = new Int32Array(count)
  const lowest = new Int32Array(count)
  const cursor = start.slice(0, count)
  const path = new Int32Array(count)
  const open = new Int32Array(count)
  let foundCount = 0
  let pathLength = 0
  let openCount = 0
  const enter = (node: number) => {
    found[node] = lowest[node] = ++foundCount
    path[pathLength++] = node
    open[openCount++] = node
  }
  for (let root = 0; root < count; root++) {
    if (found[root] || (positionOf[root] as number) >= 0) continue
    enter(root)
    while (pathLength > 0) {
      const node = path[pathLength - 1] as number
      const edge = cursor[node] as number
      if (edge < (start[node + 1] as number)) {
        const input = values[edge] as number
        cursor[node] = edge + 1
        if ((positionOf[input] as number) >= 0) continue
        if (!found[input]) enter(input)
        else lowest[node] = Math.min(lowest[node] as number, found[input] as number)
        continue
      }
      pathLength--
      if (pathLength > 0) {
        const parent = path[pathLength - 1] as number
        lowest[parent] = Math.min(lowest[parent] as number, lowest[node] as number)
      }
      if (lowest[node] !== found[node]) continue
      const first = open.lastIndexOf(node, openCount - 1)
      place(open.subarray(first, openCount))
      openCount = first
    }
  }
}

function renumber(edges: Rows, idAt: Int32Array, positionOf: Int32Array): Rows {
  const start = new Int32Array(idAt.length + 1)
  const values = new Int32Array(edges.values.length)
  let count = 0
  idAt.forEach((id, position) => {
    for (let i = edges.start[id] as number; i < (edges.start[id + 1] as number); i++) {
      values[count++] = positionOf[edges.values[i] as number] as number
    }
    start[position + 1] = count
  })
  return { start, values }
}

/** Rows by value: for each value below `count`, the rows it occurs in, in ascending order. */
export function transpose(rows: Rows, count: number): Rows {
  const start = new Int32Array(count + 1)
  for (const value of rows.values) start[value + 1] = (start[value + 1] as number) + 1
  for (let i = 0; i < count; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number)
  const values = new Int32Array(rows.values.length)
  const next = start.slice(0, count)
  for (let row = 0; row + 1 < rows.start.length; row++) {
    for (let i = rows.start[row] as number; i < (rows.start[row + 1] as number); i++) {
      const value = rows.values[i] as number
      const slot = next[value] as number
      values[slot] = row
      next[value] = slot + 1
    }
  }
  return { start, values }
}
