import type { FaultNetwork } from '../network.ts'
import { orderByDissection } from './dissect.ts'

/** What lies under a group of gates. */
export interface GroupSurvey {
  /** Gates that are not units, ascending: inputs first. */
  readonly gates: readonly number[]
  /** Orders of the units that are worth trying as variable orders. */
  readonly orders: readonly (readonly number[])[]
  readonly nodeCount: number
}

/**
 * Looks at what gates share. A unit is an event or a module: something with a probability of its own that nothing else
 * depends on; below a unit nothing is looked at.
 */
export class Groups {
  readonly #network: FaultNetwork
  readonly #isModule: Uint8Array
  readonly #round: Int32Array
  readonly #owner: Int32Array
  readonly #pathCount: Float64Array
  #roundNow = 0

  constructor(network: FaultNetwork, isModule: Uint8Array) {
    this.#network = network
    this.#isModule = isModule
    this.#round = new Int32Array(network.nodeCount)
    this.#owner = new Int32Array(network.nodeCount)
    this.#pathCount = new Float64Array(network.nodeCount)
  }

  isUnit(node: number): boolean {
    return node < this.#network.eventCount || this.#isModule[node] === 1
  }

  /** The operands of the gate, with operands of the same kind replaced by theirs. */
  flatten(gate: number): readonly number[] {
    const { cycleOf } = this.#network
    const isAny = this.#network.needed[gate] === 1
    const round = ++this.#roundNow
    const operands: number[] = []
    const open = [...this.#inputsOf(gate)].reverse()
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (this.#round[node] === round) continue
      this.#round[node] = round
      const isSameKind =
        node >= this.#network.eventCount &&
        cycleOf[node] === -1 &&
        (isAny ? this.#network.needed[node] === 1 : this.#needsAll(node))
      if (isSameKind) open.push(...[...this.#inputsOf(node)].reverse())
      else operands.push(node)
    }
    return operands
  }

  /** Operands that share a unit, directly or through others, end up in one group; groups are independent. */
  split(operands: readonly number[]): readonly (readonly number[])[] {
    const round = ++this.#roundNow
    const parents = operands.map((_, index) => index)
    const find = (index: number) => {
      let root = index
      while (parents[root] !== root) {
        parents[root] = parents[parents[root] as number] as number
        root = parents[root] as number
      }
      return root
    }
    operands.forEach((operand, index) => {
      const open = [operand]
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        if (this.#round[node] === round) parents[find(this.#owner[node] as number)] = find(index)
        else {
          this.#round[node] = round
          this.#owner[node] = index
          if (!this.isUnit(node)) for (const input of this.#inputsOf(node)) open.push(input)
        }
      }
    })
    const groups = new Map<number, number[]>()
    operands.forEach((operand, index) => {
      const group = groups.get(find(index))
      if (group) group.push(operand)
      else groups.set(find(index), [operand])
    })
    return [...groups.values()]
  }

  /** Greedily, the operands that share no unit with each other, and the rest. */
  chooseApart(operands: readonly number[]): { apart: readonly number[]; others: readonly number[] } {
    const isTaken = new Set<number>()
    const apart: number[] = []
    const others: number[] = []
    for (const operand of operands) {
      const { units } = this.#walk([operand])
      if (units.some((unit) => isTaken.has(unit))) others.push(operand)
      else {
        apart.push(operand)
        for (const unit of units) isTaken.add(unit)
      }
    }
    return { apart, others }
  }

  /** Units by how many paths lead to them, shared ones first; and as a depth-first walk meets them. */
  survey(group: readonly number[]): GroupSurvey {
    const { units, gates } = this.#walk(group, group.length === 1 ? group[0] : undefined)
    for (const node of [...units, ...gates]) this.#pathCount[node] = 0
    for (const operand of group) this.#pathCount[operand] = 1
    for (let i = gates.length - 1; i >= 0; i--) {
      const gate = gates[i] as number
      for (const input of this.#inputsOf(gate)) {
        this.#pathCount[input] = (this.#pathCount[input] as number) + (this.#pathCount[gate] as number)
      }
    }
    const shared = [...units].sort((a, b) => (this.#pathCount[b] as number) - (this.#pathCount[a] as number))
    return {
      gates,
      orders: [orderByDissection(this.#network, { units, gates }), units, shared],
      nodeCount: units.length + gates.length,
    }
  }

  /** Depth first, down to the units; `opened` is looked into even if it is a unit. */
  #walk(group: readonly number[], opened?: number): { units: readonly number[]; gates: readonly number[] } {
    const round = ++this.#roundNow
    const units: number[] = []
    const gates: number[] = []
    const open = [...group].reverse()
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (this.#round[node] === round) continue
      this.#round[node] = round
      if (this.isUnit(node) && node !== opened) {
        units.push(node)
        continue
      }
      gates.push(node)
      const inputs = this.#inputsOf(node)
      for (let i = inputs.length - 1; i >= 0; i--) open.push(inputs[i] as number)
    }
    return { units, gates: gates.sort((a, b) => a - b) }
  }

  #inputsOf(gate: number): Int32Array {
    const { inputStart, inputs } = this.#network
    return inputs.subarray(inputStart[gate], inputStart[gate + 1])
  }

  #needsAll(gate: number): boolean {
    const { inputStart, needed } = this.#network
    return needed[gate] === (inputStart[gate + 1] as number) - (inputStart[gate] as number)
  }
}
