import type { Component, SystemModel } from '../model/index.ts'
import { formatDuration } from '../source/index.ts'
import type { DependencyGraph } from './graph/dependency-graph.ts'
import type { Guarding } from './graph/guarding.ts'
import type { ComponentView, Finding, FlowView } from './view.ts'

interface Facts {
  readonly model: SystemModel
  readonly graph: DependencyGraph
  readonly guarding: Guarding
  readonly components: readonly ComponentView[]
  readonly flows: readonly FlowView[]
}

/** What a reader should act on besides the SPOFs themselves. Every code is explained in docs/reference/findings.md. */
export function findFindings(facts: Facts): Finding[] {
  return [
    ...findSpofFindings(facts),
    ...findInversions(facts.guarding),
    ...findUnsafeRetries(facts.graph),
    ...findUselessDeadlines(facts.graph, facts.guarding),
    ...findMissingRunbooks(facts.model),
    ...findUnusedComponents(facts),
    ...findWeakQuorums(facts),
    ...findFlowsOverBudget(facts),
  ]
}

function findSpofFindings({ components }: Facts): Finding[] {
  return components
    .filter((component) => component.spofOf.length > 0)
    .map(({ component, spofOf, spofKinds, assumed }) => ({
      code: 'LP001',
      severity: assumed ? 'note' : 'warning',
      at: component.id,
      message: `${component.title} alone takes down ${spofOf.join(', ')} (${spofKinds.join(', ')})${assumed ? ', if the assumptions hold' : ''}.`,
    }))
}

function findInversions({ inversions }: Guarding): Finding[] {
  const seen = new Set<string>()
  return inversions.flatMap(({ edge, totalMs, aboveMs }) => {
    const at = `${edge.caller.id}>${edge.target.id}`
    if (seen.has(at)) return []
    seen.add(at)
    const message = `Deadline inversion: ${at} may wait ${formatDuration(totalMs)}, but a caller above gives up after ${formatDuration(aboveMs)}. Shorten the deadline or the attempts below, or lengthen the one above.`
    return [{ code: 'LP002', severity: 'warning', at, message }]
  })
}

function findUnsafeRetries({ edges }: DependencyGraph): Finding[] {
  return edges
    .filter(({ alternative: { guard } }) => guard && guard.attempts > 1 && !guard.isIdempotent)
    .map(({ caller, target }) => ({
      code: 'LP003',
      severity: 'warning',
      at: `${caller.id}>${target.id}`,
      message: `${caller.id}>${target.id} is retried but not stated idempotent: a call that timed out may have happened. State idempotent: true or drop the retry.`,
    }))
}

function findUselessDeadlines({ edges }: DependencyGraph, { isolation }: Guarding): Finding[] {
  return edges
    .filter(({ index, alternative: { guard } }) => guard?.deadlineMs !== undefined && isolation[index] === 'shared')
    .map(({ caller, target }) => ({
      code: 'LP004',
      severity: 'warning',
      at: `${caller.id}>${target.id}`,
      message: `The deadline of ${caller.id}>${target.id} does not isolate it: at the stated rate, waiting calls fill the pool of ${caller.id}. Add a breaker or a bulkhead.`,
    }))
}

function findMissingRunbooks({ components }: SystemModel): Finding[] {
  return components
    .filter((component) => component.tier === 'P0' && component.runbook === undefined)
    .map((component) => ({
      code: 'LP005',
      severity: 'error',
      at: component.id,
      message: `${component.title} is P0 and has no runbook. Name one under runbook.`,
    }))
}

function findUnusedComponents({ model, graph }: Facts): Finding[] {
  const used = new Set([...graph.reachedBy.values()].flatMap((reached) => [...reached]))
  return model.components
    .filter((component) => !used.has(component.id))
    .map((component) => ({
      code: 'LP006',
      severity: 'note',
      at: component.id,
      message: `${component.title} is in no flow: nothing is known to fail with it. Add the dependency or the flow that uses it.`,
    }))
}

/** "Has a Sentinel" is not high availability: an automatic failover needs a majority that survives one loss. */
function findWeakQuorums({ model, graph }: Facts): Finding[] {
  return model.components.flatMap((component) => {
    const { failover } = component
    if (failover?.mode !== 'automatic' || failover.quorum === undefined) return []
    const quorum = graph.components.get(failover.quorum)
    if (!quorum || quorum.instances - quorum.needs >= 1) return []
    return [{ code: 'LP007', severity: 'warning', at: component.id, message: explainQuorum(component, quorum) }]
  })
}

function explainQuorum(component: Component, quorum: Component): string {
  return `The failover of ${component.title} rests on ${quorum.title}, which needs ${quorum.needs} of ${quorum.instances}: losing one member leaves no majority. Run at least three, needing two.`
}

function findFlowsOverBudget({ flows }: Facts): Finding[] {
  return flows
    .filter((flow) => flow.errorBudgetMinutes !== undefined && flow.minutesDownPerYear > flow.errorBudgetMinutes)
    .map(({ flow, minutesDownPerYear, errorBudgetMinutes }) => ({
      code: 'LP008',
      severity: 'note',
      at: flow.id,
      message: `${flow.title} is expected to be down ${Math.round(minutesDownPerYear)} minutes a year; its objective allows ${Math.round(errorBudgetMinutes ?? 0)}.`,
    }))
}
