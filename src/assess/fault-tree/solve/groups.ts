import type { FaultNetwork } from '../network.ts'
import { findRoot } from './union-find.ts'

/** What lies under a group of gates. */
export interface GroupSurvey {
  /** In the order of a depth-first walk. */
  readonly units: readonly number[]
  /** Gates that are not units, ascending: inputs first. */
  readonly gates: readonly number[]
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
  readonly #unitCount: Uint8Array
  #roundNow = 0

  constructor(network: FaultNetwork, isModule: Uint8Array) {
    this.#network = network
    this.#isModule = isModule
    this.#round = new Int32Array(network.nodeCount)
    this.#owner = new Int32Array(network.nodeCount)
    this.#unitCount = new Uint8Array(network.nodeCount)
    this.#pathCount = new Float64Array(network.nodeCount)
  }

  isUnit(node: number): boolean {
    return node < this.#network.eventCount || this.#isModule[node] === 1
  }

  /** The operands of the gate, with operands of the same kind replaced by theirs. A unit stays whole: others may meet it. */
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
        !this.isUnit(node) &&
        (isAny ? this.#network.needed[node] === 1 : this.#needsAll(node))
      if (isSameKind) open.push(...[...this.#inputsOf(node)].reverse())
      else operands.push(node)
    }
    return operands
  }

  /** Operands that share a unit, directly or through others, end up in one group; groups are independent. */
  split(operands: readonly number[]): readonly (readonly number[])[] {
    const round = ++this.#roundNow
    const parents = Int32Array.from(operands, (_, index) => index)
    operands.forEach((operand, index) => {
      const open = [operand]
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        if (this.#round[node] === round)
          parents[findRoot(parents, this.#owner[node] as number)] = findRoot(parents, index)
        else {
          this.#round[node] = round
          this.#owner[node] = index
          if (!this.isUnit(node)) for (const input of this.#inputsOf(node)) open.push(input)
        }
      }
    })
    const groups = new Map<number, number[]>()
    operands.forEach((operand, index) => {
      const group = groups.get(findRoot(parents, index))
      if (group) group.push(operand)
      else groups.set(findRoot(parents, index), [operand])
    })
    return [...groups.values()]
  }

  /** Greedily, the operands that share no unit with each other nor with those `taken` already; and the rest. */
  chooseApart(operands: readonly number[], taken: readonly number[] = []) {
    const isTaken = new Set(this.#walk(taken).units)
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

  /** A group of one is looked into even if it is a unit. */
  survey(group: readonly number[]): GroupSurvey {
    return this.#walk(group, group.length === 1 ? group[0] : undefined)
  }

  /** How many units lie under the operand; more than 31 count as 32. */
  countUnits(operand: number): number {
    const known = this.#unitCount[operand] as number
    if (known > 0) return known
    const count = Math.min(32, this.#walk([operand], undefined, 31).units.length)
    this.#unitCount[operand] = count
    return count
  }

  /** The units by how many paths lead to them, the most shared first: an order of variables. */
  orderByPaths(group: readonly number[], { units, gates }: GroupSurvey): number[] {
    const counts = this.#pathCount
    for (const node of [...units, ...gates]) counts[node] = 0
    for (const operand of group) counts[operand] = 1
    for (let i = gates.length - 1; i >= 0; i--) {
      const gate = gates[i] as number
      for (const input of this.#inputsOf(gate)) {
        counts[input] = (counts[input] as number) + (counts[gate] as number)
      }
    }
    return [...units].sort((a, b) => (counts[b] as number) - (counts[a] as number))
  }

  /** Depth first, down to the units; `opened` is looked into even if it is a unit. */
  #walk(group: readonly number[], opened?: number, unitsMax = this.#network.nodeCount): GroupSurvey {
    const round = ++this.#roundNow
    const units: number[] = []
    const gates: number[] = []
    const open = [...group].reverse()
    for (let node = open.pop(); node !== undefined && units.length <= unitsMax; node = open.pop()) {
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
