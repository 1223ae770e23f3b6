import type { FaultNetwork } from '../network.ts'
import { DecisionDiagrams, NEVER, OVERFLOW } from './decision-diagrams.ts'

/** How operands are put together. */
export type Kind = 'any' | 'all'

export interface MakeOptions {
  /** The gates to make, ascending: inputs first. */
  readonly gates: readonly number[]
  /** What they rest on, by level: the order of the variables. */
  readonly order: readonly number[]
  readonly nodesMax: number
}

/** Makes decision diagrams of gates; one set at a time, the last one is forgotten. */
export class DiagramMaker {
  readonly diagrams = new DecisionDiagrams()
  readonly #network: FaultNetwork
  readonly #diagramOf: Int32Array

  constructor(network: FaultNetwork) {
    this.#network = network
    this.#diagramOf = new Int32Array(network.nodeCount)
  }

  /** After it, `of` answers for the gates and units given: with `OVERFLOW` from where `nodesMax` was reached. */
  make({ gates, order, nodesMax }: MakeOptions): void {
    const { cycleOf } = this.#network
    this.diagrams.reset(nodesMax)
    order.forEach((unit, level) => {
      this.#diagramOf[unit] = this.diagrams.variable(level)
    })
    for (let i = 0; i < gates.length; ) {
      const cycle = cycleOf[gates[i] as number] as number
      let end = i + 1
      while (cycle !== -1 && end < gates.length && cycleOf[gates[end] as number] === cycle) end++
      if (cycle === -1) this.#diagramOf[gates[i] as number] = this.#makeGate(gates[i] as number)
      else this.#closeCycle(gates.slice(i, end))
      i = end
    }
  }

  of(gates: readonly number[]): number[] {
    return gates.map((gate) => this.#diagramOf[gate] as number)
  }

  /** Joins neighbours first, the deepest levels before the others, so that intermediate diagrams stay small. */
  join(kind: Kind, operands: readonly number[]): number {
    if (operands.length <= 2) return this.#joinTwo(kind, operands[0] as number, operands[1])
    if (operands.includes(OVERFLOW)) return OVERFLOW
    const { levels } = this.diagrams
    let round = [...operands].sort((a, b) => (levels[b] as number) - (levels[a] as number))
    while (round.length > 1) {
      const next: number[] = []
      for (let i = 0; i < round.length; i += 2) next.push(this.#joinTwo(kind, round[i] as number, round[i + 1]))
      round = next
    }
    return round[0] as number
  }

  #joinTwo(kind: Kind, a: number, b: number | undefined): number {
    if (b === undefined) return a
    return kind === 'any' ? this.diagrams.any(a, b) : this.diagrams.all(a, b)
  }

  /** The gates of a cycle again and again, from false, until nothing changes: the least fixed point (Kleene). */
  #closeCycle(gates: readonly number[]): void {
    for (const gate of gates) this.#diagramOf[gate] = NEVER
    let isStable = false
    while (!isStable) {
      isStable = true
      for (const gate of gates) {
        const made = this.#makeGate(gate)
        if (made === this.#diagramOf[gate]) continue
        this.#diagramOf[gate] = made
        isStable = false
      }
    }
  }

  #makeGate(gate: number): number {
    const { inputStart, inputs, needed } = this.#network
    const operands: number[] = []
    for (let i = inputStart[gate] as number; i < (inputStart[gate + 1] as number); i++) {
      operands.push(this.#diagramOf[inputs[i] as number] as number)
    }
    if (needed[gate] === 1) return this.join('any', operands)
    if (needed[gate] === operands.length) return this.join('all', operands)
    return this.diagrams.atLeast(needed[gate] as number, operands)
  }
}
