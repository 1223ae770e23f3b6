import type { Component, SystemModel } from '../../model/index.ts'

/** What was edited between two models, in words, and which of it concerns a component. */
export interface Changes {
  /** The edits of the component and of the dependencies that lead to it; else the first edits anywhere. */
  explain(component: string): string
}

const SHOWN_MAX = 3

export function describeChanges(base: SystemModel, head: SystemModel): Changes {
  const before = new Map(base.components.map((component) => [component.id, component]))
  const after = new Map(head.components.map((component) => [component.id, component]))
  const edits = [
    ...head.components.flatMap((component) => describeComponent(before.get(component.id), component)),
    ...base.components.filter(({ id }) => !after.has(id)).map(({ id }) => ({ about: [id], text: `${id} was removed` })),
    ...describeFlows(base, head),
  ]
  const explain = (component: string): string => {
    const own = edits.filter(({ about }) => about.includes(component))
    const shown = (own.length > 0 ? own : edits).slice(0, SHOWN_MAX).map(({ text }) => text)
    return shown.length === 0 ? 'The model itself did not change.' : `Because: ${shown.join('; ')}.`
  }
  return { explain }
}

interface Edit {
  /** Ids of the components it is about. */
  readonly about: readonly string[]
  readonly text: string
}

const FACTS = [
  'kind',
  'instances',
  'needs',
  'rollout',
  'pool',
  'runsOn',
  'failover',
  'health',
  'runbook',
  'tier',
] as const

function describeComponent(was: Component | undefined, now: Component): Edit[] {
  const { id } = now
  if (!was) return [{ about: [id, ...targetsOf(now)], text: `${id} was added` }]
  const facts = FACTS.filter((fact) => JSON.stringify(was[fact]) !== JSON.stringify(now[fact])).map((fact) => ({
    about: [id],
    text: `${fact} of ${id} changed from ${say(was[fact])} to ${say(now[fact])}`,
  }))
  return [...facts, ...describeDependencies(was, now)]
}

function describeDependencies(was: Component, now: Component): Edit[] {
  const before = new Map(was.dependencies.map((dependency) => [dependency.name, dependency]))
  const after = new Set(now.dependencies.map((dependency) => dependency.name))
  const changed = now.dependencies.flatMap((dependency): Edit[] => {
    const old = before.get(dependency.name)
    const targets = dependency.alternatives.map(({ target }) => target)
    if (!old) return [{ about: [now.id, ...targets], text: `dependency ${dependency.id} was added` }]
    const keys = ['strength', 'flows', 'fallbacks', 'alternatives', 'lastsMs', 'ratePerSecond'] as const
    return keys
      .filter((key) => JSON.stringify(old[key]) !== JSON.stringify(dependency[key]))
      .map((key) => ({
        about: [now.id, ...targets],
        text: `${NAMES[key]} of ${dependency.id} changed from ${say(old[key])} to ${say(dependency[key])}`,
      }))
  })
  const removed = was.dependencies
    .filter((dependency) => !after.has(dependency.name))
    .map((dependency) => ({
      about: [now.id, ...dependency.alternatives.map(({ target }) => target)],
      text: `dependency ${dependency.id} was removed`,
    }))
  return [...changed, ...removed]
}

const NAMES = {
  strength: 'strength',
  flows: 'flows',
  fallbacks: 'fallback',
  alternatives: 'guard',
  lastsMs: 'lasts',
  ratePerSecond: 'rate',
}

function describeFlows(base: SystemModel, head: SystemModel): Edit[] {
  const before = new Map(base.flows.map((flow) => [flow.id, flow]))
  return head.flows.flatMap((flow) => {
    const was = before.get(flow.id)
    const about = [flow.entry]
    if (!was) return [{ about, text: `flow ${flow.id} was added` }]
    if (was.share !== flow.share)
      return [{ about, text: `share of ${flow.id} changed from ${was.share} to ${flow.share}` }]
    if (was.entry !== flow.entry)
      return [{ about, text: `entry of ${flow.id} changed from ${was.entry} to ${flow.entry}` }]
    return []
  })
}

function targetsOf(component: Component): string[] {
  return component.dependencies.flatMap(({ alternatives }) => alternatives.map(({ target }) => target))
}

/** A value as a reader would say it: nothing, a word, or the stated parts of a block. */
function say(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'nothing'
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return value.map(say).join(' + ')
  const parts = Object.entries(value).filter(([, item]) => item !== undefined && item !== false)
  return parts.map(([key, item]) => `${key} ${say(item)}`).join(', ') || 'nothing'
}
