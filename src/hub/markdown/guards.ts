import { climb, type Judgement } from '../../evidence/index.ts'
import { type Dependency, type Guard, mergeComponents } from '../../model/index.ts'
import { formatDuration, isPlainObject, type PlainObject } from '../../source/index.ts'
import { percent } from '../terminal/paint.ts'
import { dayOf } from '../terminal/proof.ts'
import type { RegionSources } from './sources.ts'
import { code, plain, table } from './text.ts'

/** Every critical dependency, and how far its guard has come: declared, coded, wired, proved. */
export function writeCoverage(sources: RegionSources): string {
  const { claimed, proved, metrics } = sources.assessment
  const { covered, uncovered } = claimed.breakerCoverage
  const rows = [...covered, ...uncovered].sort().map((id) => {
    const judgement = sources.proof.judgements.get(`guard:${id}`)
    const guard = findGuard(sources, id)
    return [code(id), guard ? sayGuard(guard) : '**none**', ...sayRungs(guard, judgement)]
  })
  const share = (part: number, whole: number) =>
    whole === 0 ? 'none' : `${part} of ${whole} (${percent(part / whole)})`
  const all = covered.length + uncovered.length
  const fallbacks = metrics.find(({ target }) => target.metric.kind === 'fallback-coverage')
  const lines = [
    `Breakers on critical dependencies: ${share(covered.length, all)} claimed, ${share(proved.breakerCoverage.covered.length, all)} proved.`,
    ...(fallbacks?.claimed === undefined
      ? []
      : [
          `Single points of failure with a fallback: ${percent(fallbacks.claimed)} claimed, ${percent(fallbacks.proved ?? 0)} proved.`,
        ]),
    'Critical is a hard dependency of a P0 or P1 component on something that is called over the network. *Unchecked*:',
    'nothing has looked at the source or at the running service yet, so that rung is neither reached nor missed.',
  ]
  return `${lines.join('\n')}\n\n${table(['Dependency', 'Guard', 'Declared', 'Coded', 'Wired', 'Proved'], rows)}`
}

function sayRungs(guard: Guard | undefined, judgement: Judgement | undefined): string[] {
  if (!guard) return ['no', '–', '–', '–']
  const unchecked = judgement ? climb(judgement).unchecked : []
  const between = (['coded', 'wired'] as const).map((rung) => (unchecked.includes(rung) ? 'unchecked' : 'yes'))
  if (judgement?.verdict === 'supported')
    return ['yes', ...between, `yes, in ${plain(judgement.environment ?? '')} until ${dayOf(judgement.expiresAt)}`]
  return ['yes', ...between, judgement?.verdict === 'refuted' ? '**refuted**' : 'no']
}

function findGuard({ assessment }: RegionSources, id: string): Guard | undefined {
  const [caller, target] = id.split('>')
  const component = assessment.claimed.components.find((item) => item.component.id === caller)?.component
  return component?.dependencies.flatMap(({ alternatives }) => alternatives).find((item) => item.target === target)
    ?.guard
}

function sayGuard({ deadlineMs, hasBreaker, concurrentMax, attempts }: Guard): string {
  const policies = [
    ...(deadlineMs === undefined ? [] : [`deadline ${formatDuration(deadlineMs)}`]),
    ...(hasBreaker ? ['breaker'] : []),
    ...(concurrentMax === undefined ? [] : [`bulkhead ${concurrentMax}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ]
  return policies.join(', ') || 'nothing'
}

/** The settings of every breaker of the target platform, as the model states them. */
export function writeGuardSettings({ assessment }: RegionSources): string {
  const { model, target } = assessment
  const components = mergeComponents(model, target.mitigations)
  const rows = target.components.flatMap(({ component }) => {
    const written = components[component.id]
    return component.dependencies.flatMap((dependency) =>
      dependency.alternatives.flatMap((alternative) => {
        const guard = findWritten(written, dependency, alternative.target)
        const breaker = isPlainObject(guard?.breaker) ? guard.breaker : undefined
        if (!guard || !breaker) return []
        return [
          [
            code(`${component.id}>${dependency.name}${dependency.isAnyOf ? `>${alternative.target}` : ''}`),
            ...settingsOf(guard, breaker),
          ],
        ]
      }),
    )
  })
  const titles = [
    'Dependency',
    'Deadline:',
    'At once:',
    'Window:',
    'Minimum calls:',
    'Failure rate:',
    'In a row:',
    'Open for:',
    'Probes:',
  ]
  return rows.length === 0 ? 'The model states no settings of a breaker.' : table(titles, rows)
}

function settingsOf(guard: PlainObject, breaker: PlainObject): string[] {
  const { bulkhead } = guard
  const concurrent = isPlainObject(bulkhead) ? bulkhead.concurrent : bulkhead
  const figures = [
    guard.deadline,
    concurrent,
    breaker.window,
    breaker['minimum-calls'],
    breaker['failure-rate'],
    breaker['consecutive-failures'],
    breaker['open-for'],
    breaker.probes,
  ]
  return figures.map((figure) => (figure === undefined ? '–' : plain(String(figure))))
}

function findWritten(component: unknown, { name, isAnyOf }: Dependency, target: string): PlainObject | undefined {
  const dependency = step(step(component, 'depends-on'), name)
  const holder = isAnyOf ? step(step(dependency, 'any-of'), target) : dependency
  return step(holder, 'guard')
}

function step(value: unknown, key: string): PlainObject | undefined {
  const next = isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return isPlainObject(next) ? next : undefined
}
