import { enlarge } from './circuit.ts'

/** The two terminals. */
export const NEVER = 0
const ALWAYS = 1
/** Returned instead of a diagram when the limit of nodes was reached. */
export const OVERFLOW = -1

/** Deeper recursion counts as overflow: the stack is bounded like the nodes are. */
const DEPTH_MAX = 3_000
/** Steps allowed for each node allowed: bounds the time where results are found rather than made. */
const STEPS_PER_NODE = 16
const TERMINAL_LEVEL = 0x7fffffff
const ANY = 0
const ALL = 1

/**
 * Reduced ordered binary decision diagrams (Bryant 1986; for fault trees Rauzy 1993) of increasing functions. A
 * diagram is a number; equal functions have equal numbers. Lower levels are asked first.
 */
export class DecisionDiagrams {
  levels = new Int32Array(1024)
  highs = new Int32Array(1024)
  lows = new Int32Array(1024)
  count = 2
  #nodesMax = 0
  #stepsLeft = 0
  #slotOf = new Int32Array(1024)
  #table = new Int32Array(2048)
  #generation = 1
  #cacheGeneration = new Int32Array(1024)
  #cacheA = new Int32Array(1024)
  #cacheB = new Int32Array(1024)
  #cacheResult = new Int32Array(1024)

  /** Forgets every diagram; up to `nodesMax` new nodes may follow, in a time that is in proportion. Costs as much as there was to forget. */
  reset(nodesMax: number): void {
    for (let node = 2; node < this.count; node++) this.#table[this.#slotOf[node] as number] = 0
    this.count = 2
    this.#generation++
    this.#nodesMax = nodesMax
    this.#stepsLeft = nodesMax * STEPS_PER_NODE
    this.levels[NEVER] = this.levels[ALWAYS] = TERMINAL_LEVEL
  }

  variable(level: number): number {
    return this.node(level, ALWAYS, NEVER)
  }

  any(a: number, b: number): number {
    return a < 0 || b < 0 ? OVERFLOW : this.#apply(ANY, a, b, 0)
  }

  all(a: number, b: number): number {
    return a < 0 || b < 0 ? OVERFLOW : this.#apply(ALL, a, b, 0)
  }

  /** At least `needed` of the diagrams, counting one as often as it is listed. */
  atLeast(needed: number, diagrams: readonly number[]): number {
    if (diagrams.includes(OVERFLOW)) return OVERFLOW
    const deepestFirst = [...diagrams].sort((a, b) => (this.levels[b] as number) - (this.levels[a] as number))
    // reached[k]: at least k of the diagrams seen so far.
    const reached = [ALWAYS, ...Array.from({ length: needed }, () => NEVER)]
    for (const diagram of deepestFirst) {
      for (let k = needed; k > 0; k--) {
        reached[k] = this.any(reached[k] as number, this.all(reached[k - 1] as number, diagram))
      }
    }
    return reached[needed] as number
  }

  node(level: number, high: number, low: number): number {
    if (high === low) return high
    const mask = this.#table.length - 1
    let slot = hash(level, high, low) & mask
    for (let found = this.#table[slot] as number; found !== 0; found = this.#table[slot] as number) {
      if (this.levels[found] === level && this.highs[found] === high && this.lows[found] === low) return found
      slot = (slot + 1) & mask
    }
    if (this.count - 2 >= this.#nodesMax) return OVERFLOW
    if (this.count === this.levels.length) {
      this.#grow()
      return this.node(level, high, low)
    }
    const made = this.count++
    this.levels[made] = level
    this.highs[made] = high
    this.lows[made] = low
    this.#table[slot] = made
    this.#slotOf[made] = slot
    return made
  }

  #apply(op: number, a: number, b: number, depth: number): number {
    if (a === b) return a
    if (a <= ALWAYS) return (op === ANY) === (a === ALWAYS) ? a : b
    if (b <= ALWAYS) return (op === ANY) === (b === ALWAYS) ? b : a
    if (a > b) return this.#apply(op, b, a, depth)
    if (depth > DEPTH_MAX || this.#stepsLeft <= 0) return OVERFLOW
    const entry = hash(a, b, op) & (this.#cacheA.length - 1)
    const keyB = 2 * b + op
    const isKnown =
      this.#cacheGeneration[entry] === this.#generation && this.#cacheA[entry] === a && this.#cacheB[entry] === keyB
    if (isKnown) return this.#cacheResult[entry] as number
    this.#stepsLeft--
    const levelA = this.levels[a] as number
    const levelB = this.levels[b] as number
    const level = levelA < levelB ? levelA : levelB
    const highA = levelA === level ? (this.highs[a] as number) : a
    const highB = levelB === level ? (this.highs[b] as number) : b
    const high = this.#apply(op, highA, highB, depth + 1)
    if (high < 0) return OVERFLOW
    const lowA = levelA === level ? (this.lows[a] as number) : a
    const lowB = levelB === level ? (this.lows[b] as number) : b
    const low = this.#apply(op, lowA, lowB, depth + 1)
    if (low < 0) return OVERFLOW
    const result = this.node(level, high, low)
    const place = hash(a, b, op) & (this.#cacheA.length - 1)
    this.#cacheGeneration[place] = this.#generation
    this.#cacheA[place] = a
    this.#cacheB[place] = keyB
    this.#cacheResult[place] = result
    return result
  }

  #grow(): void {
    this.levels = enlarge(this.levels, 0)
    this.highs = enlarge(this.highs, 0)
    this.lows = enlarge(this.lows, 0)
    this.#slotOf = enlarge(this.#slotOf, 0)
    const size = this.levels.length
    this.#table = new Int32Array(2 * size)
    this.#cacheGeneration = new Int32Array(size)
    this.#cacheA = new Int32Array(size)
    this.#cacheB = new Int32Array(size)
    this.#cacheResult = new Int32Array(size)
    for (let node = 2; node < this.count; node++) this.#place(node)
  }

  #place(node: number): void {
    const mask = this.#table.length - 1
    let slot = hash(this.levels[node] as number, this.highs[node] as number, this.lows[node] as number) & mask
    while (this.#table[slot] !== 0) slot = (slot + 1) & mask
    this.#table[slot] = node
    this.#slotOf[node] = slot
  }
}

function hash(a: number, b: number, c: number): number {
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)
  return mixed ^ (mixed >>> 15)
}
