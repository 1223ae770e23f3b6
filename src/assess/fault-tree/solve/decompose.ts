import { type CircuitBuilder, FALSE, TRUE } from './circuit.ts'
import type { DecisionDiagrams } from './decision-diagrams.ts'

/** Recursion deeper than this gives bounds, like too many nodes. */
const DEPTH_MAX = 1_000
/** Support entries looked at that count as much as one node made. */
const SCANS_PER_NODE = 8

export interface DecomposeOptions {
  /** How the operands are joined. */
  readonly kind: 'any' | 'all'
  /** The circuit node of the variable at a level. */
  readonly conditionAt: (level: number) => number
  /** At most about this much is spent: nodes made, and time. Beyond it parts of the result are bounds. */
  readonly nodesMax: number
}

/**
 * Writes "any (or all) of these diagrams" as a circuit without making their joint diagram: operands that share no
 * variable are independent, and where they do share, the first variable is decided and each outcome taken apart
 * again (Shannon's expansion with decomposition, as in decision-DNNF: Darwiche 2001). Made for many small
 * operands tied together by few shared variables, such as instances on hosts in zones.
 */
export class Decomposition {
  readonly #diagrams: DecisionDiagrams
  readonly #circuit: CircuitBuilder
  readonly #options: DecomposeOptions
  readonly #nodeOf: Int32Array
  readonly #supports = new Map<number, Int32Array>()
  readonly #known = new Map<string, number>()
  readonly #owner: Int32Array
  readonly #ownerRound: Int32Array
  #round = 0
  #spent = 0

  constructor(diagrams: DecisionDiagrams, circuit: CircuitBuilder, levelCount: number, options: DecomposeOptions) {
    this.#diagrams = diagrams
    this.#circuit = circuit
    this.#options = options
    this.#nodeOf = new Int32Array(diagrams.count).fill(-1)
    this.#nodeOf[FALSE] = FALSE
    this.#nodeOf[TRUE] = TRUE
    this.#owner = new Int32Array(levelCount)
    this.#ownerRound = new Int32Array(levelCount)
  }

  join(roots: readonly number[], depth = 0): number {
    const [neutral, absorbing] = this.#options.kind === 'any' ? [FALSE, TRUE] : [TRUE, FALSE]
    if (roots.includes(absorbing)) return absorbing
    const operands = [...new Set(roots)].filter((root) => root !== neutral)
    const parts = this.#splitIndependent(operands).map((group) =>
      group.length === 1 ? this.convert(group[0] as number) : this.#decide(group, depth),
    )
    return this.#combine(parts)
  }

  /** The circuit of one diagram. Nodes were made operands first, so ascending numbers are a valid order. */
  convert(root: number): number {
    const { levels, highs, lows } = this.#diagrams
    const nodeOf = this.#nodeOf
    const open = [root]
    for (let diagram = open.at(-1); diagram !== undefined; diagram = open.at(-1)) {
      if ((nodeOf[diagram] as number) >= 0) {
        open.pop()
        continue
      }
      const high = nodeOf[highs[diagram] as number] as number
      const low = nodeOf[lows[diagram] as number] as number
      if (high < 0) open.push(highs[diagram] as number)
      if (low < 0) open.push(lows[diagram] as number)
      if (high < 0 || low < 0) continue
      nodeOf[diagram] = this.#circuit.choice(this.#options.conditionAt(levels[diagram] as number), high, low)
      this.#spent++
    }
    return nodeOf[root] as number
  }

  #combine(parts: readonly number[]): number {
    return this.#options.kind === 'any' ? this.#circuit.any(parts) : this.#circuit.all(parts)
  }

  #decide(group: readonly number[], depth: number): number {
    const key = [...group].sort((a, b) => a - b).join()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#spent > this.#options.nodesMax || depth > DEPTH_MAX) return this.#bound(group)
    const { levels, highs, lows } = this.#diagrams
    const level = group.reduce((first, root) => Math.min(first, levels[root] as number), levels[FALSE] as number)
    const follow = (branch: Int32Array) =>
      this.join(
        group.map((root) => (levels[root] === level ? (branch[root] as number) : root)),
        depth + 1,
      )
    const node = this.#circuit.choice(this.#options.conditionAt(level), follow(highs), follow(lows))
    this.#spent += 1 + group.length / 2
    this.#known.set(key, node)
    return node
  }

  #bound(group: readonly number[]): number {
    const { apart, others } = this.#chooseApart(group)
    const operands = [...apart, ...others].map((root) => this.convert(root))
    return this.#circuit.bounds(this.#options.kind === 'any' ? 1 : operands.length, operands, apart.length)
  }

  /** Greedily, operands that share no variable with each other. */
  #chooseApart(group: readonly number[]): { apart: number[]; others: number[] } {
    const round = ++this.#round
    const apart: number[] = []
    const others: number[] = []
    for (const root of group) {
      const support = this.#support(root)
      if (support.some((level) => this.#ownerRound[level] === round)) others.push(root)
      else {
        apart.push(root)
        for (const level of support) this.#ownerRound[level] = round
      }
    }
    return { apart, others }
  }

  /** Groups operands that share variables, directly or through others: union-find over their supports. */
  #splitIndependent(operands: readonly number[]): number[][] {
    if (operands.length < 2) return operands.map((root) => [root])
    const round = ++this.#round
    const parents = operands.map((_, index) => index)
    const find = (index: number) => {
      let root = index
      while (parents[root] !== root) {
        parents[root] = parents[parents[root] as number] as number
        root = parents[root] as number
      }
      return root
    }
    operands.forEach((root, index) => {
      const support = this.#support(root)
      this.#spent += support.length / SCANS_PER_NODE
      for (const level of support) {
        if (this.#ownerRound[level] === round) parents[find(this.#owner[level] as number)] = find(index)
        this.#ownerRound[level] = round
        this.#owner[level] = index
      }
    })
    const groups = new Map<number, number[]>()
    operands.forEach((root, index) => {
      const group = groups.get(find(index))
      if (group) group.push(root)
      else groups.set(find(index), [root])
    })
    return [...groups.values()]
  }

  /** The levels of the variables a diagram depends on. */
  #support(root: number): Int32Array {
    const known = this.#supports.get(root)
    if (known) return known
    const { levels, highs, lows } = this.#diagrams
    const found = new Set<number>()
    const seen = new Set<number>()
    const open = [root]
    for (let diagram = open.pop(); diagram !== undefined; diagram = open.pop()) {
      if (diagram <= TRUE || seen.has(diagram)) continue
      seen.add(diagram)
      found.add(levels[diagram] as number)
      open.push(highs[diagram] as number, lows[diagram] as number)
    }
    const support = Int32Array.from(found)
    this.#supports.set(root, support)
    return support
  }
}
