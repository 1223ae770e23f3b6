import { type CircuitBuilder, enlarge, FALSE, TRUE } from './circuit.ts'
import { type DecisionDiagrams, OVERFLOW } from './decision-diagrams.ts'
import { findRoot } from './union-find.ts'

/** Deeper recursion counts as overflow: the stack is bounded like the nodes are. */
const DEPTH_MAX = 1_000
/** Support entries, or operands, looked at that count as much as one node made. */
const SCANS_PER_NODE = 16
const OPERANDS_PER_NODE = 4

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
  /** Nodes made, and time in proportion. */
  spent = 0
  readonly #diagrams: DecisionDiagrams
  readonly #circuit: CircuitBuilder
  readonly #options: DecomposeOptions
  readonly #nodeOf: Int32Array
  readonly #supports: Supports
  readonly #known = new Map<number, KnownGroup[]>()
  /** Lists of operands under way lie on this stack, one after another. */
  #stack = new Int32Array(1024)
  #parents = new Int32Array(1024)
  #groupOf = new Int32Array(1024)
  #scratch = new Int32Array(1024)
  readonly #seen: Int32Array
  readonly #owner: Int32Array
  readonly #ownerRound: Int32Array
  #round = 0

  constructor(diagrams: DecisionDiagrams, circuit: CircuitBuilder, options: DecomposeOptions) {
    this.#diagrams = diagrams
    this.#circuit = circuit
    this.#options = options
    this.#nodeOf = new Int32Array(diagrams.count).fill(-1)
    this.#nodeOf[FALSE] = FALSE
    this.#nodeOf[TRUE] = TRUE
    this.#supports = new Supports(diagrams, options.levelCount)
    this.#seen = new Int32Array(diagrams.count)
    this.#owner = new Int32Array(options.levelCount)
    this.#ownerRound = new Int32Array(options.levelCount)
  }

  /** The circuit of "any (or all) of these", or `OVERFLOW`. */
  join(operands: readonly number[]): number {
    this.#supports.keepShared(operands)
    this.#reserve(operands.length)
    this.#stack.set(operands)
    return this.#joinList(0, operands.length, 0)
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

  /** Joins the operands at `stack[start .. end]`; what lies above them may be overwritten. */
  #joinList(start: number, end: number, depth: number): number {
    const [neutral, absorbing] = this.#options.kind === 'any' ? [FALSE, TRUE] : [TRUE, FALSE]
    const stack = this.#stack
    const round = ++this.#round
    let last = start
    for (let i = start; i < end; i++) {
      const operand = stack[i] as number
      if (operand === absorbing) return absorbing
      if (operand === neutral || this.#seen[operand] === round) continue
      this.#seen[operand] = round
      stack[last++] = operand
    }
    const parts: number[] = []
    const groupEnds = this.#splitIndependent(start, last)
    let from = start
    for (const to of groupEnds) {
      const part = to === from + 1 ? this.convert(this.#stack[from] as number) : this.#decide(from, to, last, depth)
      if (part < 0) return OVERFLOW
      parts.push(part)
      from = to
    }
    return this.#options.kind === 'any' ? this.#circuit.any(parts) : this.#circuit.all(parts)
  }

  /** Shannon's expansion of a group by its first variable; the stack is free from `free` on. */
  #decide(start: number, end: number, free: number, depth: number): number {
    const key = hashGroup(this.#stack, start, end)
    const known = this.#known.get(key)?.find((group) => this.#isSame(group.operands, start, end))
    if (known) return known.node
    if (this.spent > this.#options.nodesMax || depth > DEPTH_MAX) return OVERFLOW
    const { levels, highs, lows } = this.#diagrams
    let level = levels[FALSE] as number
    for (let i = start; i < end; i++) level = Math.min(level, levels[this.#stack[i] as number] as number)
    this.spent += 1 + (end - start) / OPERANDS_PER_NODE
    const high = this.#follow(start, end, { free, depth, level, branch: highs })
    const low = high < 0 ? OVERFLOW : this.#follow(start, end, { free, depth, level, branch: lows })
    if (low < 0) return OVERFLOW
    const node = this.#circuit.choice(this.#options.conditionAt(level), high, low)
    const group = { operands: Array.from(this.#stack.subarray(start, end)), node }
    const sameKey = this.#known.get(key)
    if (sameKey) sameKey.push(group)
    else this.#known.set(key, [group])
    return node
  }

  #follow(start: number, end: number, { free, depth, level, branch }: Step): number {
    const { levels } = this.#diagrams
    this.#reserve(free + end - start)
    const stack = this.#stack
    for (let i = start; i < end; i++) {
      const operand = stack[i] as number
      stack[free + i - start] = levels[operand] === level ? (branch[operand] as number) : operand
    }
    return this.#joinList(free, free + end - start, depth + 1)
  }

  /**
   * Reorders the operands so that those that share variables, directly or through others, lie together; gives the ends
   * of the groups. Union-find over their supports.
   */
  #splitIndependent(start: number, end: number): readonly number[] {
    const round = ++this.#round
    const parents = this.#parents
    const stack = this.#stack
    for (let i = start; i < end; i++) parents[i] = i
    let groupCount = end - start
    for (let i = start; i < end; i++) {
      const support = this.#supports.of(stack[i] as number)
      this.spent += support.length / SCANS_PER_NODE
      for (let at = 0; at < support.length; at++) {
        const level = support[at] as number
        if (this.#ownerRound[level] === round) {
          const root = findRoot(parents, this.#owner[level] as number)
          const own = findRoot(parents, i)
          if (root !== own) groupCount--
          parents[root] = own
        }
        this.#ownerRound[level] = round
        this.#owner[level] = i
      }
    }
    return groupCount === 1 ? [end] : this.#gather(start, end)
  }

  #gather(start: number, end: number): readonly number[] {
    const scratch = this.#scratch
    const groupOf = this.#groupOf
    const ends: number[] = []
    for (let i = start; i < end; i++) {
      const root = findRoot(this.#parents, i)
      if (root === i) groupOf[root] = ends.push(0) - 1
    }
    for (let i = start; i < end; i++) {
      const group = groupOf[findRoot(this.#parents, i)] as number
      ends[group] = (ends[group] as number) + 1
      scratch[i] = this.#stack[i] as number
    }
    let next = start
    for (let group = 0; group < ends.length; group++) {
      const size = ends[group] as number
      ends[group] = next
      next += size
    }
    for (let i = start; i < end; i++) {
      const group = groupOf[findRoot(this.#parents, i)] as number
      this.#stack[ends[group] as number] = scratch[i] as number
      ends[group] = (ends[group] as number) + 1
    }
    return ends
  }

  #isSame(operands: readonly number[], start: number, end: number): boolean {
    if (operands.length !== end - start) return false
    const round = ++this.#round
    for (const operand of operands) this.#seen[operand] = round
    for (let i = start; i < end; i++) if (this.#seen[this.#stack[i] as number] !== round) return false
    return true
  }

  #reserve(length: number): void {
    if (length <= this.#stack.length) return
    this.#stack = enlarge(this.#stack, length)
    this.#parents = new Int32Array(this.#stack.length)
    this.#groupOf = new Int32Array(this.#stack.length)
    this.#scratch = new Int32Array(this.#stack.length)
  }
}

interface KnownGroup {
  readonly operands: readonly number[]
  readonly node: number
}

interface Step {
  readonly free: number
  readonly depth: number
  readonly level: number
  /** By diagram: what is left of it on this side. */
  readonly branch: Int32Array
}

/** The same for any order of the operands. */
function hashGroup(stack: Int32Array, start: number, end: number): number {
  let sum = end - start
  for (let i = start; i < end; i++) {
    const mixed = Math.imul(stack[i] as number, 0x9e3779b1)
    sum = (sum + Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)) | 0
  }
  return sum
}

/**
 * The levels of the variables each diagram depends on, found when first asked for. After `keepShared` only those that
 * several operands depend on: no other can tie what is left of one operand to what is left of another.
 */
class Supports {
  readonly #diagrams: DecisionDiagrams
  #known: (readonly number[])[] = []
  readonly #seenDiagram: Int32Array
  readonly #seenLevel: Int32Array
  readonly #isIgnored: Uint8Array
  #round = 0

  constructor(diagrams: DecisionDiagrams, levelCount: number) {
    this.#diagrams = diagrams
    this.#seenDiagram = new Int32Array(diagrams.count)
    this.#seenLevel = new Int32Array(levelCount)
    this.#isIgnored = new Uint8Array(levelCount)
  }

  keepShared(operands: readonly number[]): void {
    const userCount = new Int32Array(this.#isIgnored.length)
    for (const operand of operands) {
      for (const level of this.of(operand)) userCount[level] = (userCount[level] as number) + 1
    }
    userCount.forEach((count, level) => {
      this.#isIgnored[level] = count < 2 ? 1 : 0
    })
    this.#known = []
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
      if (this.#seenLevel[level] !== round && this.#isIgnored[level] === 0) support.push(level)
      this.#seenLevel[level] = round
      open.push(highs[diagram] as number, lows[diagram] as number)
    }
    this.#known[root] = support
    return support
  }
}
