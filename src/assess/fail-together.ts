import { applyMitigations, type SystemModel } from '../model/index.ts'
import { buildDependencyGraph } from './graph/dependency-graph.ts'
import { judgeGuards } from './graph/guarding.ts'
import { letFall } from './measure/radius.ts'
import type { BasicEvent, Mode } from './semantics/basic-event.ts'
import { buildFailureNetwork, type FailureNetwork } from './semantics/build-failure-network.ts'

/** A component that fails, and how. */
export interface Failing {
  readonly component: string
  readonly mode: Mode
  /** How many of its instances; absent: it fails as a whole. */
  readonly instances?: number
}

/** The flows (by id) that go down, and that are only degraded, when these components fail at once. */
export function failTogether(
  model: SystemModel,
  failing: readonly Failing[],
  planned: readonly string[] = [],
): { readonly down: readonly string[]; readonly degraded: readonly string[] } {
  const { state, failure } = planned.length > 0 ? build(model, planned) : buildOnce(model)
  const nodes = failure.events.flatMap((event, node) => (failing.some((item) => isHit(event, item)) ? [node] : []))
  const [fall] = letFall(failure, [nodes])
  const ids = (flows: readonly number[] = []) => flows.flatMap((flow) => state.flows[flow]?.id ?? [])
  const down = ids(fall?.downFlows)
  return { down, degraded: ids(fall?.impairedFlows).filter((flow) => !down.includes(flow)) }
}

/** Instances fall from the last one on where they hang, from the first one on where they crash: both may happen at once. */
function isHit({ component, mode, instance }: BasicEvent, failing: Failing): boolean {
  if (failing.component !== component.id || failing.mode !== mode) return false
  const { instances } = failing
  if (instances === undefined) return true
  if (instance === undefined) return false
  return mode === 'crash' ? instance < instances : instance >= component.instances - instances
}

interface Built {
  readonly state: SystemModel
  readonly failure: FailureNetwork
}

/** A model never changes, and is asked many times: a page asks at every click. */
const built = new WeakMap<SystemModel, Built>()

function buildOnce(model: SystemModel): Built {
  const known = built.get(model) ?? build(model, [])
  built.set(model, known)
  return known
}

function build(model: SystemModel, planned: readonly string[]): Built {
  const inPlace = model.mitigations.filter(({ state, id }) => state === 'in-place' || planned.includes(id))
  const state = applyMitigations(
    model,
    inPlace.map(({ id }) => id),
  ).model
  const graph = buildDependencyGraph(state)
  return {
    state,
    failure: buildFailureNetwork({ graph, guarding: judgeGuards(graph), measured: {}, stance: 'pessimistic' }),
  }
}
