import type { FaultNetwork } from '../network.ts'
import { type Circuit, CircuitBuilder } from './circuit.ts'
import { OVERFLOW } from './decision-diagrams.ts'
import { Decomposition } from './decompose.ts'
import { DiagramMaker, type Kind, type MakeOptions } from './diagram-maker.ts'
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
/** From so many small operands on, a group is first taken apart: small means over at most so many units. */
const MANY_OPERANDS = 8
const SMALL_UNITS = [24, 12, 8] as const
/** What taking apart may spend on each operand: where more is needed, the group has not fallen apart and will not. */
const SPENT_PER_OPERAND = 128
const SPENT_AT_LEAST = 20_000
/** Gates nested deeper than this, modules aside, get the crudest bounds: the stack is bounded like the nodes are. */
const DEPTH_MAX = 200
/** With more units under a group, other variable orders than by dissection are hopeless. */
const ORDERS_UNITS_MAX = 2_000
/** With more units under a group, joining large operands with many small ones is hopeless: they tie them all. */
const TIED_UNITS_MAX = 2_000
/** With more units under a group of many operands, so is one diagram of them all. */
const JOINT_UNITS_MAX = 512

/** Writes the probability of the formula as a circuit; with `nodesMax` spent, what is left gets bounds. */
export function compileFormula(formula: Formula, nodesMax: number): Circuit {
  const circuit = new CircuitBuilder()
  const parts = formula.loose.map((event) => circuit.event(event))
  if (formula.rest) parts.push(new Compiler(formula.rest, formula.eventAt, circuit, nodesMax).compileRoot())
  return circuit.build(circuit.any(parts))
}

class Compiler {
  readonly #network: FaultNetwork
  readonly #eventAt: Int32Array
  readonly #circuit: CircuitBuilder
  readonly #nodesMax: number
  readonly #groups: Groups
  readonly #maker: DiagramMaker
  readonly #nodeOf: Int32Array
  /** Of what may be kept, and of what may be made and thrown away on the way. */
  #nodesLeft: number
  #workLeft: number
  #depth = 0

  constructor(network: FaultNetwork, eventAt: Int32Array, circuit: CircuitBuilder, nodesMax: number) {
    this.#network = network
    this.#eventAt = eventAt
    this.#circuit = circuit
    this.#nodesMax = nodesMax
    this.#nodesLeft = nodesMax
    this.#workLeft = nodesMax * WORK_PER_NODE
    this.#groups = new Groups(network, findModules(network, network.nodeCount - 1))
    this.#nodeOf = new Int32Array(network.nodeCount).fill(-1)
    this.#maker = new DiagramMaker(network)
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
    this.#depth++
    const made = this.#compileNew(node)
    this.#depth--
    this.#nodeOf[node] = made
    return made
  }

  #compileNew(node: number): number {
    if (node < this.#network.eventCount) return this.#circuit.event(this.#eventAt[node] as number)
    return this.#depth > DEPTH_MAX ? this.#boundByUnits(node) : this.#compileGate(node)
  }

  /** No gate is true without one of the units under it. */
  #boundByUnits(gate: number): number {
    const { units } = this.#groups.survey([gate])
    return this.#circuit.bounds(
      1,
      units.map((unit) => this.#compile(unit)),
      -1,
    )
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
    for (const nodesMax of [...limits, budget]) {
      for (const order of this.#listOrders(group, survey)) {
        this.#maker.make({ gates: survey.gates, order, nodesMax })
        const joint = this.#maker.join(kind, this.#maker.of(group))
        this.#workLeft = Math.max(0, this.#workLeft - this.#maker.diagrams.count)
        if (joint < 0) continue
        const before = this.#circuit.nodeCount
        const made = this.#decompose(kind, order, budget).convert(joint)
        this.#nodesLeft = Math.max(0, this.#nodesLeft - (this.#circuit.nodeCount - before))
        return made
      }
    }
    return null
  }

  #listOrders(group: readonly number[], survey: GroupSurvey): (readonly number[])[] {
    const dissected = orderByDissection(this.#network, survey)
    if (survey.units.length > ORDERS_UNITS_MAX) return [dissected]
    return [dissected, survey.units, this.#groups.orderByPaths(group, survey)]
  }

  /**
   * Exact if the budget allows; else the small operands exactly, as many as it allows, and the others beside them: the
   * interval is then at most as wide as what the others add.
   */
  #takeApart(kind: Kind, group: readonly number[], survey: GroupSurvey): number {
    const order = orderByDissection(this.#network, survey)
    const needed = Math.max(SPENT_AT_LEAST, SPENT_PER_OPERAND * group.length)
    const nodesMax = Math.min(this.#budgetFor(survey), needed)
    const isAllSmall = this.#smallOnes(group, SMALL_UNITS[0]).length === group.length
    if (isAllSmall || survey.units.length <= TIED_UNITS_MAX) {
      const whole = this.#joinApart(kind, group, { gates: survey.gates, order, nodesMax })
      if (whole !== null) return whole
    }
    if (survey.units.length <= JOINT_UNITS_MAX) {
      const joint = this.#solveJointly(kind, group, survey)
      if (joint !== null) return joint
    }
    for (const unitsMax of isAllSmall ? SMALL_UNITS.slice(1) : SMALL_UNITS) {
      const smalls = this.#smallOnes(group, unitsMax)
      if (smalls.length < 2) continue
      const joined = this.#joinApart(kind, smalls, { gates: this.#groups.survey(smalls).gates, order, nodesMax })
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
  #joinApart(kind: Kind, group: readonly number[], options: MakeOptions): number | null {
    this.#maker.make(options)
    const diagrams = this.#maker.of(group)
    const decomposition = this.#decompose(kind, options.order, options.nodesMax)
    const mark = this.#circuit.mark()
    const made = diagrams.includes(OVERFLOW) ? OVERFLOW : decomposition.join(diagrams)
    this.#workLeft = Math.max(0, this.#workLeft - this.#maker.diagrams.count - decomposition.spent)
    if (made < 0) this.#circuit.backTo(mark)
    this.#nodesLeft = Math.max(0, this.#nodesLeft - (this.#circuit.nodeCount - mark.nodeCount))
    return made < 0 ? null : made
  }

  #decompose(kind: Kind, order: readonly number[], nodesMax: number): Decomposition {
    const conditions = order.map((unit) => this.#nodeOf[unit] as number)
    return new Decomposition(this.#maker.diagrams, this.#circuit, {
      kind,
      nodesMax,
      levelCount: order.length,
      conditionAt: (level) => conditions[level] as number,
    })
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
