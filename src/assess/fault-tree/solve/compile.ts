import type { FaultNetwork } from '../network.ts'
import { type Circuit, CircuitBuilder } from './circuit.ts'
import { DecisionDiagrams, OVERFLOW } from './decision-diagrams.ts'
import { Decomposition } from './decompose.ts'
import { orderByDissection } from './dissect.ts'
import type { Formula } from './formula.ts'
import { type GroupSurvey, Groups } from './groups.ts'
import { findModules } from './modules.ts'

/** Diagrams are tried with these limits in turn, each with every variable order, before the whole share is used. */
const FIRST_LIMITS = [4_000, 60_000]
/** All attempts together may make this many times `nodesMax`; one attempt may use an eighth of what is left of that. */
const WORK_PER_NODE = 8
/** Any group may use this part of the work left, however small it is, and at least so many nodes. */
const LEAST_SHARE = 1 / 64
const LEAST_NODES = 256
/** From so many small operands on, they are taken apart rather than joined into one diagram. */
const MANY_OPERANDS = 8
const SMALL_UNITS = [24, 12, 8] as const
/** What taking apart may spend on each operand: where more is needed, it has not fallen apart and will not. */
const SPENT_PER_OPERAND = 128
const SPENT_AT_LEAST = 20_000
/** Large operands tie everything together; with more units than this under a group, an exact join is not tried. */
const TIED_UNITS_MAX = 2_000

/** Writes the probability of the formula as a circuit; with `nodesMax` spent, what is left gets bounds. */
export function compileFormula(formula: Formula, nodesMax: number): Circuit {
  const circuit = new CircuitBuilder()
  const parts = formula.loose.map((event) => circuit.event(event))
  if (formula.rest) parts.push(new Compiler(formula.rest, formula.eventAt, circuit, nodesMax).compileRoot())
  return circuit.build(circuit.any(parts))
}

type Kind = 'any' | 'all'

class Compiler {
  readonly #network: FaultNetwork
  readonly #eventAt: Int32Array
  readonly #circuit: CircuitBuilder
  readonly #nodesMax: number
  readonly #groups: Groups
  readonly #diagrams = new DecisionDiagrams()
  readonly #nodeOf: Int32Array
  readonly #diagramOf: Int32Array
  /** Of what may be kept, and of what may be made and thrown away on the way. */
  #nodesLeft: number
  #workLeft: number

  constructor(network: FaultNetwork, eventAt: Int32Array, circuit: CircuitBuilder, nodesMax: number) {
    this.#network = network
    this.#eventAt = eventAt
    this.#circuit = circuit
    this.#nodesMax = nodesMax
    this.#nodesLeft = nodesMax
    this.#workLeft = nodesMax * WORK_PER_NODE
    this.#groups = new Groups(network, findModules(network, network.nodeCount - 1))
    this.#nodeOf = new Int32Array(network.nodeCount).fill(-1)
    this.#diagramOf = new Int32Array(network.nodeCount)
  }

  /** Modules inside a gate of another kind come first, inputs before users, so that recursion stays shallow. */
  compileRoot(): number {
    const { eventCount, nodeCount, outputStart, outputs } = this.#network
    for (let gate = eventCount; gate < nodeCount - 1; gate++) {
      if (!this.#groups.isUnit(gate)) continue
      const users = outputs.subarray(outputStart[gate], outputStart[gate + 1])
      if (users.some((user) => this.#kindOf(user) !== this.#kindOf(gate))) this.#compile(gate)
    }
    return this.#compile(nodeCount - 1)
  }

  #compile(node: number): number {
    const known = this.#nodeOf[node] as number
    if (known >= 0) return known
    const isEvent = node < this.#network.eventCount
    const made = isEvent ? this.#circuit.event(this.#eventAt[node] as number) : this.#compileGate(node)
    this.#nodeOf[node] = made
    return made
  }

  #compileGate(gate: number): number {
    const kind = this.#kindOf(gate)
    if (kind === null) return this.#solveJointly('any', [gate], this.#surveyGroup([gate])) ?? this.#boundGate(gate)
    const parts = this.#groups
      .split(this.#groups.flatten(gate))
      .map((group) => (group.length === 1 ? this.#compile(group[0] as number) : this.#compileGroup(kind, group)))
    return kind === 'any' ? this.#circuit.any(parts) : this.#circuit.all(parts)
  }

  /** Null for what cannot be taken apart: at-least gates, and gates in a cycle. */
  #kindOf(gate: number): Kind | null {
    const { needed, inputStart, cycleOf } = this.#network
    if (cycleOf[gate] !== -1) return null
    if (needed[gate] === 1) return 'any'
    return needed[gate] === (inputStart[gate + 1] as number) - (inputStart[gate] as number) ? 'all' : null
  }

  /** Operands that share units. Many small ones are taken apart; otherwise one decision diagram is made of all. */
  #compileGroup(kind: Kind, group: readonly number[]): number {
    const survey = this.#surveyGroup(group)
    return this.#smallOnes(group, SMALL_UNITS[0]).length >= MANY_OPERANDS
      ? this.#takeApart(kind, group, survey)
      : (this.#solveJointly(kind, group, survey) ?? this.#boundGroup(kind, group))
  }

  #smallOnes(group: readonly number[], unitsMax: number): number[] {
    return group.filter((operand) => this.#groups.countUnits(operand) <= unitsMax)
  }

  /** The units are compiled at once: later, diagrams would be in the way. */
  #surveyGroup(group: readonly number[]): GroupSurvey {
    const survey = this.#groups.survey(group)
    for (const unit of survey.units) this.#compile(unit)
    return survey
  }

  #budgetFor({ gates, units }: GroupSurvey): number {
    const share = ((gates.length + units.length) / this.#network.nodeCount) * this.#nodesMax
    const allowed = Math.min(this.#workLeft / WORK_PER_NODE, Math.max(share, this.#workLeft * LEAST_SHARE))
    return Math.floor(Math.min(this.#nodesLeft, Math.max(LEAST_NODES, allowed)))
  }

  /** Exact, by one decision diagram; null if the group's share of the nodes does not suffice. */
  #solveJointly(kind: Kind, group: readonly number[], survey: GroupSurvey): number | null {
    const budget = this.#budgetFor(survey)
    const limits = FIRST_LIMITS.filter((limit) => limit < budget && limit > 4 * survey.units.length)
    const dissected = orderByDissection(this.#network, survey)
    const isLarge = survey.units.length > TIED_UNITS_MAX
    const orders = isLarge ? [dissected] : [dissected, survey.units, this.#groups.orderByPaths(group, survey)]
    for (const limit of [...limits, budget]) {
      for (const order of orders) {
        this.#diagrams.reset(limit)
        this.#makeDiagrams(survey.gates, order)
        const joint = joinAll(this.#diagrams, kind, this.#diagramsOf(group))
        this.#workLeft = Math.max(0, this.#workLeft - this.#diagrams.count)
        if (joint >= 0) return this.#spend(() => this.#decompose(kind, order, budget).convert(joint))
      }
    }
    return null
  }

  /**
   * Exact if the budget allows; else the small operands exactly, as many as it
   * allows, and the others beside them: the interval is then at most as wide as what the others add.
   */
  #takeApart(kind: Kind, group: readonly number[], survey: GroupSurvey): number {
    const order = orderByDissection(this.#network, survey)
    const needed = Math.max(SPENT_AT_LEAST, SPENT_PER_OPERAND * group.length)
    const budget = Math.min(this.#budgetFor(survey), needed)
    for (const unitsMax of [Number.POSITIVE_INFINITY, ...SMALL_UNITS]) {
      const smalls = this.#smallOnes(group, unitsMax)
      const isTied = smalls.length > this.#smallOnes(smalls, SMALL_UNITS[0]).length
      if (smalls.length < 2 || (isTied && survey.units.length > TIED_UNITS_MAX)) continue
      const { gates } = this.#groups.survey(smalls)
      const joined = this.#joinExactly(kind, smalls, { gates, order, budget })
      if (joined !== null) return this.#boundBeside(kind, group, { joined, smalls })
    }
    return this.#boundGroup(kind, group)
  }

  #boundBeside(
    kind: Kind,
    group: readonly number[],
    { joined, smalls }: { joined: number; smalls: readonly number[] },
  ) {
    const isSmall = new Set(smalls)
    const larges = group.filter((operand) => !isSmall.has(operand))
    if (larges.length === 0) return joined
    const { apart, others } = this.#groups.chooseApart(larges, smalls)
    const operands = [joined, ...[...apart, ...others].map((gate) => this.#compile(gate))]
    return this.#circuit.bounds(kind === 'any' ? 1 : operands.length, operands, apart.length + 1)
  }

  /** Null, and nothing left behind, if the budget does not suffice. */
  #joinExactly(kind: Kind, group: readonly number[], { gates, order, budget }: Attempt): number | null {
    this.#diagrams.reset(budget)
    this.#makeDiagrams(gates, order)
    const diagrams = this.#diagramsOf(group)
    if (diagrams.includes(OVERFLOW)) return null
    const decomposition = this.#decompose(kind, order, budget)
    const mark = this.#circuit.mark()
    const made = this.#spend(() => decomposition.join(diagrams))
    this.#workLeft = Math.max(0, this.#workLeft - this.#diagrams.count - decomposition.spent)
    if (made >= 0) return made
    this.#nodesLeft += this.#circuit.nodeCount - mark.nodeCount
    this.#circuit.backTo(mark)
    return null
  }

  #decompose(kind: Kind, order: readonly number[], nodesMax: number): Decomposition {
    const conditions = order.map((unit) => this.#nodeOf[unit] as number)
    return new Decomposition(this.#diagrams, this.#circuit, {
      kind,
      nodesMax,
      levelCount: order.length,
      conditionAt: (level) => conditions[level] as number,
    })
  }

  #spend(make: () => number): number {
    const before = this.#circuit.nodeCount
    const made = make()
    this.#nodesLeft = Math.max(0, this.#nodesLeft - (this.#circuit.nodeCount - before))
    return made
  }

  #diagramsOf(group: readonly number[]): number[] {
    return group.map((gate) => this.#diagramOf[gate] as number)
  }

  /** By gate, inputs first; the gates of a cycle again and again, from false, until nothing changes (Kleene). */
  #makeDiagrams(gates: readonly number[], order: readonly number[]): void {
    const { cycleOf } = this.#network
    order.forEach((unit, level) => {
      this.#diagramOf[unit] = this.#diagrams.variable(level)
    })
    for (let i = 0; i < gates.length; ) {
      const cycle = cycleOf[gates[i] as number] as number
      if (cycle === -1) {
        this.#diagramOf[gates[i] as number] = this.#makeDiagram(gates[i] as number)
        i++
        continue
      }
      let end = i
      while (end < gates.length && cycleOf[gates[end] as number] === cycle) end++
      this.#closeCycle(gates.slice(i, end))
      i = end
    }
  }

  #closeCycle(gates: readonly number[]): void {
    for (const gate of gates) this.#diagramOf[gate] = 0
    let isStable = false
    while (!isStable) {
      isStable = true
      for (const gate of gates) {
        const made = this.#makeDiagram(gate)
        if (made === this.#diagramOf[gate]) continue
        this.#diagramOf[gate] = made
        isStable = false
      }
    }
  }

  #makeDiagram(gate: number): number {
    const { inputStart, inputs, needed } = this.#network
    const operands: number[] = []
    for (let i = inputStart[gate] as number; i < (inputStart[gate + 1] as number); i++) {
      operands.push(this.#diagramOf[inputs[i] as number] as number)
    }
    if (needed[gate] === 1) return joinAll(this.#diagrams, 'any', operands)
    if (needed[gate] === operands.length) return joinAll(this.#diagrams, 'all', operands)
    return this.#diagrams.atLeast(needed[gate] as number, operands)
  }

  #boundGroup(kind: Kind, group: readonly number[]): number {
    const { apart, others } = this.#groups.chooseApart(group)
    const operands = [...apart, ...others].map((gate) => this.#compile(gate))
    return this.#circuit.bounds(kind === 'any' ? 1 : operands.length, operands, apart.length)
  }

  /** A gate in a cycle needs at least one input from outside the cycle: that bounds it from above, 0 from below. */
  #boundGate(gate: number): number {
    const { needed, inputStart, inputs, cycleOf } = this.#network
    const cycle = cycleOf[gate] as number
    if (cycle === -1) {
      const operands = Array.from(inputs.subarray(inputStart[gate], inputStart[gate + 1]), (input) =>
        this.#compile(input),
      )
      return this.#circuit.bounds(needed[gate] as number, operands, 0)
    }
    const outside = new Set<number>()
    for (let member = 0; member < cycleOf.length; member++) {
      if (cycleOf[member] !== cycle) continue
      for (const input of inputs.subarray(inputStart[member], inputStart[member + 1])) {
        if (cycleOf[input] !== cycle) outside.add(input)
      }
    }
    return this.#circuit.bounds(
      1,
      Array.from(outside, (input) => this.#compile(input)),
      -1,
    )
  }
}

interface Attempt {
  /** The gates between the group and the units, ascending. */
  readonly gates: readonly number[]
  /** Units by level. */
  readonly order: readonly number[]
  readonly budget: number
}

/** Joins neighbours first, the deepest levels before the others, so that intermediate diagrams stay small. */
function joinAll(diagrams: DecisionDiagrams, kind: Kind, operands: readonly number[]): number {
  if (operands.length <= 2) return joinTwo(diagrams, kind, operands[0] as number, operands[1])
  if (operands.includes(OVERFLOW)) return OVERFLOW
  let round = [...operands].sort((a, b) => (diagrams.levels[b] as number) - (diagrams.levels[a] as number))
  while (round.length > 1) {
    const next: number[] = []
    for (let i = 0; i < round.length; i += 2) next.push(joinTwo(diagrams, kind, round[i] as number, round[i + 1]))
    round = next
  }
  return round[0] as number
}

function joinTwo(diagrams: DecisionDiagrams, kind: Kind, a: number, b: number | undefined): number {
  if (b === undefined) return a
  return kind === 'any' ? diagrams.any(a, b) : diagrams.all(a, b)
}
