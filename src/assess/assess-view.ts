import { type Component, type Kind, type SystemModel, stateClaims } from '../model/index.ts'
import { lazy, unreachable } from '../source/index.ts'
import { findSingles } from './fault-tree/index.ts'
import { findFindings } from './find-findings.ts'
import { buildDependencyGraph, type DependencyGraph } from './graph/dependency-graph.ts'
import { type Guarding, judgeGuards } from './graph/guarding.ts'
import { coverWithBreakers } from './measure/coverage.ts'
import { eventsAt, findSpofs } from './measure/find-spofs.ts'
import {
  findCutSets,
  type Limits,
  listProbabilities,
  type SolvedFlow,
  solveDown,
  solveFlows,
  viewFlow,
} from './measure/flow-result.ts'
import { measureImportance } from './measure/importance.ts'
import { type Fall, letEachFall, measureRadius } from './measure/radius.ts'
import { measureRisks } from './measure/risk.ts'
import { stateLoss, stateRecovery } from './recovery/recovery.ts'
import type { BasicEvent } from './semantics/basic-event.ts'
import { buildFailureNetwork, type FailureNetwork } from './semantics/build-failure-network.ts'
import type { Measured } from './semantics/failover-time.ts'
import type { ComponentView, Spof, View } from './view.ts'

export interface ViewOptions {
  readonly mitigations: readonly string[]
  /** Ids of claims that evidence supports, or refutes, now. */
  readonly supported: ReadonlySet<string>
  readonly refuted: ReadonlySet<string>
  readonly measured: Measured
  readonly limits: Limits & {
    /** Components up to which importance is measured. */
    readonly importanceMax: number
  }
}

/** Everything about one state of the platform: a function of its arguments alone. */
export function assessView(model: SystemModel, options: ViewOptions): View {
  const { measured, limits } = options
  const graph = buildDependencyGraph(model)
  const guarding = judgeGuards(graph)
  const failure = buildFailureNetwork({ graph, guarding, measured, stance: 'pessimistic' })
  const certain = lazy(() => buildFailureNetwork({ graph, guarding, measured, stance: 'optimistic' }))
  const probabilities = listProbabilities(failure)
  const tops = [...failure.down, ...failure.impaired]
  const nodes = findSingles(failure.network, tops, { exclude: failure.commonCauses })
  const singles = nodes.map((single) => eventsAt(failure.events, single))
  const crashes = letEachFall(model.components, failure, 'crash')
  const hangs = letEachFall(model.components, failure, 'hang')
  const spofs = findAllSpofs({ graph, guarding, certain, singles, crashes, measured })
  const solved = lazy(() => solveFlows(failure, limits.nodesMax))
  const solvedCertain = lazy(() => solveDown(certain(), limits.nodesMax))
  const cutSets = lazy(() => findCutSets(failure, nodes, probabilities, limits))
  const importance = lazy(() => weighComponents(graph, failure, probabilities, solved(), limits.importanceMax))
  const flows = model.flows.map((flow, i) =>
    viewFlow(flow, {
      spofs: at(spofs, i),
      solve: () => at(solved(), i),
      solveCertain: () => at(solvedCertain(), i),
      findCutSets: () => at(cutSets(), i),
    }),
  )
  const components = viewComponents({ model, singles, crashes, hangs, spofs, importance, measured })
  const findings = lazy(() => findFindings({ model, graph, guarding, flows, components }))
  return {
    mitigations: options.mitigations,
    flows,
    components,
    claims: stateClaims(model).map((claim) => ({ claim, verdict: judge(claim.id, options) })),
    breakerCoverage: coverWithBreakers(model),
    get findings() {
      return findings()
    },
  }
}

function judge(claim: string, { supported, refuted }: ViewOptions): 'supported' | 'refuted' | 'unknown' {
  if (refuted.has(claim)) return 'refuted'
  return supported.has(claim) ? 'supported' : 'unknown'
}

interface SpofFacts {
  readonly graph: DependencyGraph
  readonly guarding: Guarding
  readonly certain: () => FailureNetwork
  readonly singles: readonly (readonly BasicEvent[])[]
  readonly crashes: readonly Fall[]
  readonly measured: Measured
}

function findAllSpofs({ graph, guarding, certain, singles, crashes, measured }: SpofFacts): Spof[][] {
  const { flows, components } = graph.model
  const certainSingles = lazy(() => {
    const { network, events, down, commonCauses } = certain()
    return findSingles(network, down, { exclude: commonCauses }).map((nodes) => eventsAt(events, nodes))
  })
  return flows.map((flow, i) => {
    const mayLose = (component: Component, index: number): boolean => {
      const bound = measured.lossMs?.get(component.id) ?? component.failover?.losesMs
      const objective = flow.objective.rpoMs ?? component.objective.rpoMs
      return bound !== undefined && objective !== undefined && bound > objective && fallsWith(crashes[index], i)
    }
    const findCertainSingles = () => certainSingles()[i] ?? []
    const lossy = components.filter(mayLose)
    return findSpofs({ graph, guarding, flow, singles: singles[i] ?? [], findCertainSingles, lossy })
  })
}

function fallsWith(fall: Fall | undefined, flow: number): boolean {
  return fall?.downFlows.includes(flow) ?? false
}

function weighComponents(
  { model, reachedBy }: DependencyGraph,
  { events }: FailureNetwork,
  probabilities: Float64Array,
  solved: readonly SolvedFlow[],
  importanceMax: number,
) {
  const { components, flows } = model
  if (components.length > importanceMax) return undefined
  const solutions = solved.map(({ solution }) => solution)
  return measureImportance(components, { flows, solutions, events, probabilities, reachedBy })
}

interface ComponentFacts {
  readonly model: SystemModel
  /** By flow, for down and then for impaired. */
  readonly singles: readonly (readonly BasicEvent[])[]
  readonly crashes: readonly Fall[]
  readonly hangs: readonly Fall[]
  readonly spofs: readonly (readonly Spof[])[]
  readonly importance: () => ReturnType<typeof weighComponents>
  readonly measured: Measured
}

function viewComponents({
  model,
  singles,
  crashes,
  hangs,
  spofs,
  importance,
  measured,
}: ComponentFacts): ComponentView[] {
  const { flows, components } = model
  const shares = flows.map((flow) => flow.share)
  const down = singles.slice(0, flows.length)
  const riskDown = measureRisks(flows, down)
  const riskDegraded = measureRisks(flows, withoutThose(singles.slice(flows.length), down))
  const spofsOf = groupByComponent(
    spofs,
    flows.map((flow) => flow.id),
  )
  return components.map((component, i) => {
    const found = spofsOf.get(component.id) ?? []
    const kinds = [...new Set(found.flatMap(({ spof }) => spof.kinds))]
    const stopped = (crashes[i]?.downFlows ?? []).flatMap((flow) => flows[flow] ?? [])
    const risk = riskDown(component)
    return {
      component,
      group: groupOf(component.kind),
      blastRadius: measureRadius(at(crashes, i), shares),
      hangRadius: measureRadius(at(hangs, i), shares),
      spofKinds: kinds,
      get assumedKinds() {
        return kinds.filter((kind) =>
          found.every(({ spof }) => !spof.kinds.includes(kind) || spof.assumedKinds.includes(kind)),
        )
      },
      spofOf: found.map(({ flow }) => flow),
      stops: stopped.map((flow) => flow.id),
      get assumed() {
        return found.length > 0 && found.every(({ spof }) => spof.assumed)
      },
      risk: risk.ofBudget,
      riskDegraded: riskDegraded(component).ofBudget,
      minutesDownPerYear: risk.minutesPerYear,
      recovery: stateRecovery(component, stopped, measured),
      loss: stateLoss(component, stopped, measured),
      get importance() {
        return importance()?.get(component)
      },
    }
  })
}

function groupOf(kind: Kind): ComponentView['group'] {
  switch (kind) {
    case 'gateway':
    case 'service':
    case 'job':
      return 'services'
    case 'external':
    case 'credential':
      return 'external'
    case 'database':
    case 'cache':
    case 'queue':
    case 'config':
    case 'host':
    case 'zone':
    case 'network':
      return 'infrastructure'
    default:
      return unreachable(kind)
  }
}

function withoutThose(events: readonly (readonly BasicEvent[])[], those: readonly (readonly BasicEvent[])[]) {
  return events.map((list, i) => {
    const left = new Set(those[i])
    return list.filter((event) => !left.has(event))
  })
}

function groupByComponent(spofs: readonly (readonly Spof[])[], flows: readonly string[]) {
  const groups = new Map<string, { flow: string; spof: Spof }[]>()
  spofs.forEach((list, i) => {
    for (const spof of list)
      groups.set(spof.component, [...(groups.get(spof.component) ?? []), { flow: flows[i] ?? '', spof }])
  })
  return groups
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError(`nothing at ${index}`)
  return item
}
