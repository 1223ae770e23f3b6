import {
  type Assessment,
  type ComponentView,
  type Spof,
  type SpofKind,
  tryRemedies,
  type View,
} from '../../assess/index.ts'
import type { Component, Dependency, Mitigation, SystemModel } from '../../model/index.ts'
import { formatDuration, formatPosition } from '../../source/index.ts'
import { type Paint, percent, WIDTH, wrap } from './paint.ts'

/** The report of `linchpin explain`: why a component is a SPOF (or not), what it takes down, what would change that. */
export function writeExplanation(assessment: Assessment, id: string, paint: Paint): string {
  const { model, claimed } = assessment
  const item = claimed.components.find(({ component }) => component.id === id)
  if (!item) throw new RangeError(`no component "${id}"`)
  const sections = [
    writeWhat(item, paint),
    writeWhy(model, claimed, item, paint),
    writeRadii(claimed, item, paint),
    writeDependents(model, item.component, paint),
    writeChanges(assessment, item, paint),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function writeWhat({ component }: ComponentView, paint: Paint): string[] {
  const { kind, tier, instances, needs, failover, runbook, where } = component
  const facts = [
    kind,
    tier,
    instances > 1 ? `${instances} instances, ${needs} needed` : 'one instance',
    failover && `failover ${failover.mode}`,
    runbook && `runbook ${runbook}`,
  ]
  return [
    paint.bold(component.title),
    paint.dim(`  ${facts.filter((fact) => fact !== undefined).join(', ')}; ${formatPosition(where)}`),
  ]
}

function writeWhy(model: SystemModel, view: View, item: ComponentView, paint: Paint): string[] {
  const { component, spofOf, spofKinds, assumedKinds } = item
  if (spofOf.length === 0)
    return [
      paint.bold('Not a single point of failure'),
      ...wrap('No flow goes down when one thing about it fails.', WIDTH, '  '),
    ]
  const found = view.flows.flatMap(({ flow, spofs }) =>
    spofs.filter((spof) => spof.component === component.id).map((spof) => ({ flow, spof })),
  )
  const reasons = spofKinds.map((kind) => {
    const assumed = assumedKinds.includes(kind) ? ' (by assumption)' : ''
    return wrap(`${kind}${assumed}: ${explainKind(kind, component)}`, WIDTH, '  ', '    ')
  })
  const paths = groupByPath(found.map(({ flow, spof }) => ({ title: flow.title, spof })))
  const witnesses = paths.flatMap(({ titles, spof }) => [
    ...wrap(`${titles.join(', ')}:`, WIDTH, '  '),
    ...sayPath(model, spof).flatMap((step) => wrap(step, WIDTH, '    ', '      ')),
  ])
  return [
    paint.bold('Why it is a single point of failure'),
    ...reasons.flat(),
    '',
    paint.bold('How the failure travels'),
    ...witnesses,
  ]
}

function explainKind(kind: SpofKind, component: Component): string {
  const { title, failover, instances, failures } = component
  switch (kind) {
    case 'single':
      return instances > 1
        ? `all ${instances} instances are needed, so each of them is one too many to lose`
        : 'there is one of it and nothing to take over'
    case 'shared-fate':
      return component.kind === 'zone' || component.kind === 'host' || component.kind === 'network'
        ? 'whatever runs on it goes with it'
        : `its ${instances} instances share one rollout: one bad deployment takes them all`
    case 'hang':
      return `when ${title} accepts calls and never answers, its callers wait with it`
    case 'slow-failover':
      return failover?.mode === 'automatic'
        ? `its failover takes ${formatDuration(failover.takesMs ?? failures.crash.repairMs)}, longer than the objective of a flow allows`
        : `its failover is by hand: users wait ${formatDuration(failures.crash.repairMs)}, and a flow's objective allows less`
    case 'data-loss':
      return `its failover may lose ${formatDuration(failover?.losesMs ?? 0)} of acknowledged work, and the objective allows less`
    case 'logic':
      return `a flow rests on this one ${component.kind}; copies of the services do not help`
  }
}

function groupByPath(found: readonly { title: string; spof: Spof }[]): { titles: string[]; spof: Spof }[] {
  const groups = new Map<string, { titles: string[]; spof: Spof }>()
  for (const { title, spof } of found) {
    const key = spof.witness.join(' ')
    const group = groups.get(key)
    if (group) group.titles.push(title)
    else groups.set(key, { titles: [title], spof })
  }
  return [...groups.values()]
}

/** The witness path in words, from where users come in to the component. */
function sayPath(model: SystemModel, { witness }: Spof): string[] {
  const byId = new Map(model.components.map((component) => [component.id, component]))
  const name = (id: string) => byId.get(id)?.title ?? id
  if (witness.length <= 1) return [`users come in through ${name(witness[0] ?? '')} itself`]
  return witness.slice(1).map((id, i) => {
    const caller = byId.get(witness[i] ?? '')
    return `${name(caller?.id ?? '')} ${sayLink(caller, id)} ${name(id)}`
  })
}

function sayLink(caller: Component | undefined, target: string): string {
  const dependency = caller?.dependencies.find(({ alternatives }) =>
    alternatives.some((item) => item.target === target),
  )
  if (dependency) return sayDependency(dependency, target)
  if (caller?.runsOn.includes(target)) return 'runs on'
  if (caller?.failover?.quorum === target) return 'fails over by the quorum of'
  return 'has a fallback that needs'
}

function sayDependency(dependency: Dependency, target: string): string {
  const guard = dependency.alternatives.find((item) => item.target === target)?.guard
  const policies = [
    guard?.deadlineMs === undefined ? undefined : `deadline ${formatDuration(guard.deadlineMs)}`,
    guard?.hasBreaker ? 'breaker' : undefined,
    guard?.concurrentMax === undefined ? undefined : `bulkhead ${guard.concurrentMax}`,
  ].filter((policy) => policy !== undefined)
  const guarded = policies.length === 0 ? 'unguarded' : policies.join(', ')
  const group = dependency.isAnyOf ? sayGroup(dependency) : ''
  const verb =
    dependency.strength === 'soft'
      ? 'uses (soft'
      : dependency.strength === 'async'
        ? 'hands work to (async'
        : dependency.strength === 'unknown'
          ? 'is assumed to need (strength unknown'
          : 'needs (hard'
  return `${verb}, ${guarded}${group})`
}

function sayGroup({ name, alternatives }: Dependency): string {
  return alternatives.length === 1 ? `, as ${name}` : `, one of ${alternatives.length} for ${name}`
}

function writeRadii(view: View, item: ComponentView, paint: Paint): string[] {
  const { component, blastRadius, hangRadius, stops, risk, minutesDownPerYear } = item
  const titles = new Map(view.flows.map(({ flow }) => [flow.id, flow.title]))
  const which = stops.length === 0 ? '' : `: ${stops.map((flow) => titles.get(flow) ?? flow).join(', ')}`
  const lines = [
    `When all of ${component.title} has crashed, ${percent(blastRadius.down)} of business is down${which}; ${percent(blastRadius.degraded)} is degraded.`,
    `When it hangs, ${percent(hangRadius.down)} is down and ${percent(hangRadius.degraded)} degraded.`,
    risk === undefined
      ? `It alone costs ${Math.round(minutesDownPerYear)} minutes a year in the worst-hit flow; no affected flow states an availability objective.`
      : `It alone costs ${Math.round(minutesDownPerYear)} minutes a year in the worst-hit flow: ${percent(risk)} of that flow's error budget.`,
  ]
  return [paint.bold('What it takes down'), ...lines.flatMap((line) => wrap(line, WIDTH, '  ', '    '))]
}

function writeDependents(model: SystemModel, component: Component, paint: Paint): string[] {
  const lines = model.components.flatMap((caller) =>
    caller.dependencies
      .filter(({ alternatives }) => alternatives.some(({ target }) => target === component.id))
      .map(
        (dependency) =>
          `${caller.title} ${sayDependency(dependency, component.id)}${sayFallbacks(dependency)}; ${formatPosition(dependency.where)}`,
      ),
  )
  return lines.length === 0
    ? []
    : [paint.bold('Who calls it'), ...lines.flatMap((line) => wrap(line, WIDTH, '  ', '    '))]
}

function sayFallbacks({ fallbacks }: Dependency): string {
  return fallbacks
    .map(
      ({ name, needs, lastsMs }) =>
        `, fallback ${name}${lastsMs === undefined ? '' : ` for ${formatDuration(lastsMs)}`}${needs.length > 0 ? ` on ${needs.join(', ')}` : ''}`,
    )
    .join('')
}

/** Whatever changes something when tried alone, with before and after. */
function writeChanges({ model }: Assessment, item: ComponentView, paint: Paint): string[] {
  const isSpof = item.spofOf.length > 0
  const lines = tryRemedies(model, item.component.id).flatMap(({ mitigation, title, after }) => {
    const difference = sayDifference(item, after)
    if (difference === '' || (!isSpof && !mitigation)) return []
    return [`${mitigation ? sayMitigation(mitigation) : title}: ${difference}`]
  })
  if (lines.length === 0)
    lines.push(isSpof ? 'Nothing tried alone changes this.' : 'Nothing: no flow rests on it alone.')
  return [paint.bold('What would change that'), ...lines.flatMap((line) => wrap(line, WIDTH, '  ', '    '))]
}

function sayMitigation({ title, id, sprint }: Mitigation): string {
  return `${title} (--apply ${id}${sprint ? `, sprint ${sprint}` : ''})`
}

/** What differs between two states of one component; empty when nothing does. */
export function sayDifference(before: ComponentView, after: ComponentView): string {
  const kinds = ({ spofOf, spofKinds }: ComponentView) => (spofOf.length === 0 ? 'no SPOF' : spofKinds.join(', '))
  const parts = [
    ['SPOF', kinds(before), kinds(after)],
    ['flows stopped alone', String(before.spofOf.length), String(after.spofOf.length)],
    ['crash', percent(before.blastRadius.down), percent(after.blastRadius.down)],
    ['hang', percent(before.hangRadius.down), percent(after.hangRadius.down)],
    ['risk', percent(before.risk ?? 0), percent(after.risk ?? 0)],
  ] as const
  return parts
    .filter(([, was, now]) => was !== now)
    .map(([name, was, now]) => `${name} ${was} → ${now}`)
    .join('; ')
}
