import { type CircuitBuilder, FALSE, TRUE } from './circuit.ts'
import { type DecisionDiagrams, OVERFLOW } from './decision-diagrams.ts'

/** Deeper recursion counts as overflow: the stack is bounded like the nodes are. */
const DEPTH_MAX = 1_000
/** Support entries looked at that count as much as one node made. */
const SCANS_PER_NODE = 8

export interface DecomposeOptions {
  /** How the operands are joined. */
  readonly kind: 'any' | 'all'
  /** The circuit node of the variable at a level. */
  readonly conditionAt: (level: number) => number
  readonly levelCount: number
  /** At most about this much is spent: nodes made, and time. */
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
  readonly #supports: Supports
  readonly #known = new Map<string, number>()
  readonly #owner: Int32Array
  readonly #ownerRound: Int32Array
  #round = 0
  /** Nodes made, and time in proportion. */
  spent = 0

  constructor(diagrams: DecisionDiagrams, circuit: CircuitBuilder, options: DecomposeOptions) {
    this.#diagrams = diagrams
    this.#circuit = circuit
    this.#options = options
    this.#nodeOf = new Int32Array(diagrams.count).fill(-1)
    this.#nodeOf[FALSE] = FALSE
    this.#nodeOf[TRUE] = TRUE
    this.#supports = new Supports(diagrams, options.levelCount)
    this.#owner = new Int32Array(options.levelCount)
    this.#ownerRound = new Int32Array(options.levelCount)
  }

  /** The circuit, or `OVERFLOW`. */
  join(roots: readonly number[], depth = 0): number {
    const [neutral, absorbing] = this.#options.kind === 'any' ? [FALSE, TRUE] : [TRUE, FALSE]
    if (roots.includes(absorbing)) return absorbing
    const operands = [...new Set(roots)].filter((root) => root !== neutral)
    const parts: number[] = []
    for (const group of this.#splitIndependent(operands)) {
      const part = group.length === 1 ? this.convert(group[0] as number) : this.#decide(group, depth)
      if (part < 0) return OVERFLOW
      parts.push(part)
    }
    return this.#options.kind === 'any' ? this.#circuit.any(parts) : this.#circuit.all(parts)
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
      this.spent++
    }
    return nodeOf[root] as number
  }

  #decide(group: readonly number[], depth: number): number {
    const key = [...group].sort((a, b) => a - b).join()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.spent > this.#options.nodesMax || depth > DEPTH_MAX) return OVERFLOW
    const { levels, highs, lows } = this.#diagrams
    const level = group.reduce((first, root) => Math.min(first, levels[root] as number), levels[FALSE] as number)
    const follow = (branch: Int32Array) =>
      this.join(
        group.map((root) => (levels[root] === level ? (branch[root] as number) : root)),
        depth + 1,
      )
    const high = follow(highs)
    const low = high < 0 ? OVERFLOW : follow(lows)
    if (low < 0) return OVERFLOW
    const node = this.#circuit.choice(this.#options.conditionAt(level), high, low)
    this.spent += 1 + group.length / 2
    this.#known.set(key, node)
    return node
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
      const support = this.#supports.of(root)
      this.spent += support.length / SCANS_PER_NODE
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
}

/** The levels of the variables each diagram depends on, found when first asked for. */
class Supports {
  readonly #diagrams: DecisionDiagrams
  readonly #known: (readonly number[])[] = []
  readonly #seenDiagram: Int32Array
  readonly #seenLevel: Int32Array
  #round = 0

  constructor(diagrams: DecisionDiagrams, levelCount: number) {
    this.#diagrams = diagrams
    this.#seenDiagram = new Int32Array(diagrams.count)
    this.#seenLevel = new Int32Array(levelCount)
  }

  of(root: number): readonly number[] {
    const known = this.#known[root]
    if (known) return known
    const { levels, highs, lows } = this.#diagrams
    const round = ++this.#round
    const support: number[] = []
    const open = [root]
    for (let diagram = open.pop(); diagram !== undefined; diagram = open.pop()) {
      if (diagram <= TRUE || this.#seenDiagram[diagram] === round) continue
      this.#seenDiagram[diagram] = round
      const level = levels[diagram] as number
      if (this.#seenLevel[level] !== round) support.push(level)
      this.#seenLevel[level] = round
      open.push(highs[diagram] as number, lows[diagram] as number)
    }
    this.#known[root] = support
    return support
  }
}
