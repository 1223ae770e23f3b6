import { formatDuration } from '../../source/index.ts'
import type { FaultKind } from '../fault/fault.ts'
import { faultOf } from '../fault/list.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { Recovery } from '../load/recovery-time.ts'
import type { LoadSummary } from '../load/summarise.ts'
import { writeShare } from '../run/judge-expectation.ts'
import type { TrialResult } from '../run/result.ts'

/** What was or would be done to what, one line for each fault. */
export function describeMethod({ steps }: DrillPlan): string[] {
  return steps.map(({ kind, fault, targets, where, settings, atMs, forMs, liveMs, isStage }) => {
    const { title }: FaultKind = faultOf(kind)
    const set = Object.entries(settings).map(([name, value]) => ` ${name}=${value}`)
    const times = `at ${formatDuration(atMs)}, for ${formatDuration(forMs)}, at most ${formatDuration(liveMs)}`
    const which = Object.entries(where ?? {}).map(([name, value]) => `${name} ${value}`)
    const hit = which.length > 0 ? `of ${targets.join(', ')} the one with ${which.join(' and ')}` : targets.join(', ')
    return `${isStage ? 'to set the stage, ' : ''}${hit} ${title} (${fault}${set.join('')}; ${times})`
  })
}

export function describeRecovery(recovery: Recovery | undefined): string {
  if (!recovery || recovery.kind === 'not-recovered') return 'did not recover in this trial'
  return recovery.kind === 'uninterrupted' ? 'no interruption' : formatDuration(recovery.rtoMs)
}

export function describeLoad(summary: LoadSummary | undefined): string {
  if (!summary) return 'no request'
  const { sent, ok, degraded, failed, p50, p99, failures } = summary
  const parts = [`${sent} requests`, `${writeShare(ok)} ok`]
  if (degraded > 0) parts.push(`${writeShare(degraded)} degraded`)
  if (failed > 0) parts.push(`${writeShare(failed)} failed (${failures[0]?.detail})`)
  return `${parts.join(', ')}; p50 ${formatDuration(p50)}, p99 ${formatDuration(p99)}`
}

/** Over trials: `4.2 s`, or the smallest, middle and largest. */
function describeSpread(values: readonly number[], write: (value: number) => string): string {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  const [first = 0] = sorted
  const last = sorted.at(-1) ?? 0
  if (first === last) return `${write(first)}${values.length > 1 ? ` in each of ${values.length} trials` : ''}`
  return `${write(first)} to ${write(last)}, median ${write(middle)}, ${values.length} trials`
}

/** The figures of a run, over its trials. */
export function describeFigures(trials: readonly TrialResult[]): string[] {
  const of = (name: string) => trials.flatMap(({ measured }) => measured[name] ?? [])
  const lines: string[] = []
  const rto = of('rtoMs')
  if (rto.length > 0)
    lines.push(`RTO: ${describeSpread(rto, (ms) => (ms === 0 ? 'no interruption' : formatDuration(ms)))}`)
  for (const name of Object.keys(trials[0]?.milestones ?? {})) {
    const times = trials.flatMap(({ milestones }) => milestones[name] ?? [])
    lines.push(`  of which until ${name}: ${describeSpread(times, formatDuration)}`)
  }
  const lost = of('lost')
  if (lost.length > 0) lines.push(`RPO: acknowledged and missing: ${describeSpread(lost, String)}${describeNone(lost)}`)
  const doubled = of('doubled')
  if (doubled.length > 0) lines.push(`done twice: ${describeSpread(doubled, String)}`)
  return lines
}

/** What it says of all such events that none of these lost anything; three or fewer say nothing. */
function describeNone(lost: readonly number[]): string {
  if (lost.length <= 3 || lost.some((count) => count > 0)) return ''
  return `; at most 3/${lost.length} of such events lose any, at 95 %`
}
